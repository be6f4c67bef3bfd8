import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { DAY_MS } from '@spanledger/core/time'
import { addedPairs } from '../../sums/histogram.ts'
import type { CallChange } from '../../calls/plan-write.ts'
import { rollupChangesOf } from '../../rollups/rollup-changes.ts'
import { rollupValues } from '../../rollups/rollup-statements.ts'
import { sqliteUpsert } from './rollup-upsert.ts'
import { COUNTED_COLUMNS, createDayCount } from '../../rollups/rollup-day.ts'
import { type Rollup, ROLLUPS } from '../../rollups/rollups.ts'
import { inTransaction } from './transaction.ts'
import type { CallRow } from '../../sql/tables.ts'

/** Registers the SQL function that adds histograms; a connection that writes needs it. */
export function addHistogramFunction(database: DatabaseSync): void {
  database.function('add_histograms', { deterministic: true }, (a, b) => addedPairs(String(a), String(b)))
}

/** Returns a function that counts changed calls in the rollups, in the transaction that changes them. */
export function createSqliteRollups(database: DatabaseSync): (changes: readonly CallChange[]) => void {
  const upserts = new Map<Rollup, StatementSync>(
    ROLLUPS.map((rollup) => [rollup, database.prepare(sqliteUpsert(rollup))]),
  )
  const selectState = database.prepare(
    'SELECT max(calls_from, coalesce(rollups_from, 0)) AS counted_from FROM rollup_state',
  )
  return (changes) => {
    if (changes.length === 0) return
    const countedFrom = Number(selectState.get()?.['counted_from'])
    for (const { rollup, rows } of rollupChangesOf(changes, countedFrom)) {
      const upsert = upserts.get(rollup)
      for (const row of rows) upsert?.run(...rollupValues(row))
    }
  }
}

/** Rebuilds the rollups of a UTC day, in one transaction. */
export function rebuildSqliteDay(database: DatabaseSync, dayStart: number): void {
  inTransaction(database, () => {
    const count = createDayCount()
    const calls = database.prepare(
      `SELECT ${COUNTED_COLUMNS.join(', ')} FROM calls WHERE started_at >= ? AND started_at < ?`,
    )
    for (const row of calls.iterate(dayStart, dayStart + DAY_MS)) count.add(row as unknown as CallRow) // the columns that it counts
    for (const { table } of ROLLUPS) {
      database
        .prepare(`DELETE FROM ${table} WHERE bucket_start >= ? AND bucket_start < ?`)
        .run(dayStart, dayStart + DAY_MS)
    }
    for (const { rollup, rows } of count.rollups()) {
      const upsert = database.prepare(sqliteUpsert(rollup))
      for (const row of rows) upsert.run(...rollupValues(row))
    }
  })
}
