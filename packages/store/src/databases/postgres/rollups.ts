import { DAY_MS } from '@spanledger/core/time'
import type { CallChange } from '../../calls/plan-write.ts'
import type { PostgresClient, PostgresPool } from './pool.ts'
import { inPostgresTransaction } from './transaction.ts'
import { rollupChangesOf } from '../../rollups/rollup-changes.ts'
import { COUNTED_COLUMNS, createDayCount } from '../../rollups/rollup-day.ts'
import { postgresUpsert, rollupLists } from './rollup-upsert.ts'
import { ROLLUPS } from '../../rollups/rollups.ts'
import type { CallRow } from '../../sql/tables.ts'

const PAGE_ROWS = 5000

// A page at a time, so that a busy day is not held in memory at once.
const SELECT_COUNTED = `
  SELECT ${COUNTED_COLUMNS.join(', ')}, ingest_seq FROM calls
  WHERE (started_at, ingest_seq) > ($1::bigint, $2::bigint) AND started_at < $3
  ORDER BY started_at, ingest_seq LIMIT ${PAGE_ROWS}`

/**
 * Counts changed calls in the rollups, in the transaction that changes them. Every writer locks its calls first, rollups
 * last and their rows in the same order, so no two writers deadlock.
 */
export async function countInRollups(client: PostgresClient, changes: readonly CallChange[]): Promise<void> {
  if (changes.length === 0) return
  const { rows } = await client.query('SELECT greatest(calls_from, rollups_from) AS counted_from FROM rollup_state')
  const [state] = rows as readonly { readonly counted_from: number }[] // its columns
  for (const { rollup, rows } of rollupChangesOf(changes, state?.counted_from ?? 0)) {
    await client.query(postgresUpsert(rollup), rollupLists(rows))
  }
}

/** Rebuilds the rollups of a UTC day, in one transaction that blocks all other writers of calls. */
export async function rebuildPostgresDay(pool: PostgresPool, dayStart: number): Promise<void> {
  await inPostgresTransaction(pool, async (client) => {
    await client.query('LOCK TABLE calls IN SHARE ROW EXCLUSIVE MODE')
    const range = [dayStart, dayStart + DAY_MS]
    const count = createDayCount()
    let position = [dayStart, 0]
    for (;;) {
      const { rows } = await client.query(SELECT_COUNTED, [...position, range[1]])
      for (const row of rows) count.add(row as CallRow) // the columns that it counts
      const last = rows.at(-1) as CallRow | undefined
      if (last === undefined) break
      position = [last.started_at, last.ingest_seq]
    }
    for (const { table } of ROLLUPS) {
      await client.query(`DELETE FROM ${table} WHERE bucket_start >= $1 AND bucket_start < $2`, range)
    }
    for (const { rollup, rows } of count.rollups()) await client.query(postgresUpsert(rollup), rollupLists(rows))
  })
}
