import { DAY_MS } from '@spanledger/core/time'
import { type Kysely, sql } from 'kysely'
import { countRows } from './count-rows.ts'
import type { Pruning } from './pruning.ts'
import type { PruneProgress } from './retention.ts'
import { ROLLUPS } from '../rollups/rollups.ts'
import type { Tables } from '../sql/tables.ts'

const BATCH_ROWS = 500

type CallPart = 'content' | 'calls' | 'rollups'

/** Deletes old rows from the call tables. Each statement is a transaction of its own. */
export function createCallPruning(db: Kysely<Tables>, keepsRollups: boolean): Pruning<CallPart> {
  const rollups = keepsRollups ? ROLLUPS : []

  async function* pruneContent(before: number): AsyncGenerator<PruneProgress> {
    let rows = 0
    let after = 0
    for (;;) {
      // In the order of the log, which is roughly that of age, so each batch continues where the previous one stopped.
      const { rows: gone } = await sql<{ ingest_seq: number }>`
        delete from call_contents where ingest_seq in (
          select ingest_seq from call_contents where ingest_seq > ${after} and created_at < ${before}
          order by ingest_seq limit ${BATCH_ROWS}
        ) returning ingest_seq`.execute(db)
      rows += gone.length
      after = gone.reduce((last, row) => Math.max(last, row.ingest_seq), after)
      const isDone = gone.length < BATCH_ROWS
      yield { what: 'content', rows, isDone }
      if (isDone) return
    }
  }

  async function* pruneCalls(before: number): AsyncGenerator<PruneProgress> {
    // First, so that a deleted call is not counted again if it is written again.
    if (keepsRollups) await sql`update rollup_state set calls_from = ${before} where calls_from < ${before}`.execute(db)
    let rows = 0
    for (;;) {
      const old = sql`select ingest_seq from calls where started_at < ${before} order by started_at limit ${BATCH_ROWS}`
      const seqs = (await sql<{ ingest_seq: number }>`${old}`.execute(db)).rows.map((row) => row.ingest_seq)
      if (seqs.length > 0) {
        await sql`delete from call_contents where ingest_seq in (${sql.join(seqs)})`.execute(db)
        await sql`delete from calls where ingest_seq in (${sql.join(seqs)})`.execute(db)
      }
      rows += seqs.length
      const isDone = seqs.length < BATCH_ROWS
      yield { what: 'calls', rows, isDone }
      if (isDone) return
    }
  }

  async function* pruneRollups(before: number): AsyncGenerator<PruneProgress> {
    // First, so that no query reads a partly deleted rollup.
    if (keepsRollups) {
      await sql`update rollup_state set rollups_from = ${before} where rollups_from < ${before}`.execute(db)
    }
    let rows = 0
    for (const { table } of rollups) {
      for (;;) {
        const first = await firstBucket(table)
        if (first === undefined || first >= before) break
        const end = Math.min(before, Math.floor(first / DAY_MS) * DAY_MS + DAY_MS)
        const query = sql`delete from ${sql.table(table)} where bucket_start < ${end} returning bucket_start`
        rows += (await query.execute(db)).rows.length
        yield { what: 'rollups', rows, isDone: false }
      }
    }
    yield { what: 'rollups', rows, isDone: true }
  }

  async function firstBucket(table: string): Promise<number | undefined> {
    const query = sql<{ first: number | null }>`select min(bucket_start) as first from ${sql.table(table)}`
    return (await query.execute(db)).rows[0]?.first ?? undefined
  }

  async function countOld(what: CallPart, before: number): Promise<number> {
    if (what === 'content') return countRows(db, 'call_contents', sql`created_at < ${before}`)
    if (what === 'calls') return countRows(db, 'calls', sql`started_at < ${before}`)
    let rows = 0
    for (const { table } of rollups) rows += await countRows(db, table, sql`bucket_start < ${before}`)
    return rows
  }

  const prune = { content: pruneContent, calls: pruneCalls, rollups: pruneRollups }
  return async function* (what, { before, dryRun }) {
    if (dryRun) yield { what, rows: await countOld(what, before), isDone: true }
    else yield* prune[what](before)
  }
}
