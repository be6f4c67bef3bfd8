import type { RollupRow } from '../../rollups/rollup-row.ts'
import { primaryKeyOf } from '../../rollups/rollup-schema.ts'
import { addOnConflict, rollupColumnsOf, rollupValues } from '../../rollups/rollup-statements.ts'
import { type Rollup, sumColumnsOf } from '../../rollups/rollups.ts'
import { POSTGRES_WORDS } from './schema.ts'

// Enough that the writers of a busy database rarely wait for each other, few enough to read quickly.
const SHARDS = 4

/**
 * Adds any number of rows to a rollup; takes a list of values for each column. Connections use different shards, so that
 * two writers that update the same row at once do not wait for each other to commit.
 */
export function postgresUpsert(rollup: Rollup): string {
  const columns = rollupColumnsOf(rollup)
  const given = columns.filter((name) => name !== 'shard')
  const { sums } = sumColumnsOf(rollup)
  const isSum = new Set<string>(sums)
  const lists = given.map((name, index) => {
    const type = name === 'bucket_start' ? 'bigint' : isSum.has(name) ? 'double precision' : 'text'
    return `$${index + 1}::${type}[]`
  })
  const selected = columns.map((name) => (name === 'shard' ? `pg_backend_pid() % ${SHARDS}` : `given.${name}`))
  return `
    INSERT INTO ${rollup.table} (${columns.join(', ')})
    SELECT ${selected.join(', ')} FROM unnest(${lists.join(', ')}) AS given (${given.join(', ')})
    ${addOnConflict(rollup, primaryKeyOf(rollup, POSTGRES_WORDS))}`
}

/** The lists of values of rows for `postgresUpsert`. */
export function rollupLists(rows: readonly RollupRow[]): (string | number)[][] {
  const values = rows.map(rollupValues)
  return (values[0] ?? []).map((_, index) => values.map((row) => row[index] ?? 0))
}
