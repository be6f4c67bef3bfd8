import { primaryKeyOf } from '../../rollups/rollup-schema.ts'
import { addOnConflict, rollupColumnsOf } from '../../rollups/rollup-statements.ts'
import type { Rollup } from '../../rollups/rollups.ts'
import { SQLITE_WORDS } from './schema.ts'

/** Adds one row to a rollup; takes its `rollupValues`. There is one writer at a time, so one shard is enough. */
export function sqliteUpsert(rollup: Rollup): string {
  const columns = rollupColumnsOf(rollup)
  const values = columns.map((name) => (name === 'shard' ? '0' : '?')).join(', ')
  const onConflict = addOnConflict(rollup, primaryKeyOf(rollup, SQLITE_WORDS))
  return `INSERT INTO ${rollup.table} (${columns.join(', ')}) VALUES (${values}) ${onConflict}`
}
