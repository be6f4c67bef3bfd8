import { DAY_MS } from '@spanledger/core/time'
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { PruneOptions, PruneProgress } from './retention.ts'
import { ROLLUPS } from '../rollups/rollups.ts'
import type { UpkeepStore } from './upkeep-store.ts'
import type { Tables } from '../sql/tables.ts'

const BATCH_ROWS = 500

/** What takes that which is too old. Each statement is a transaction of its own. */
export function createPruneQueries(db: Kysely<Tables>): Pick<UpkeepStore, 'prune'> {
  async function count(table: string, condition: RawBuilder<unknown>): Promise<number> {
    const query = sql<{ rows_there: number }>`select count(*) as rows_there from ${sql.table(table)} where ${condition}`
    return (await query.execute(db)).rows[0]?.rows_there ?? 0
  }

  async function* pruneContent(before: number): AsyncGenerator<PruneProgress> {
    let rows = 0
    let after = 0
    for (;;) {
      // In the order of the log, which is about that of age: each batch goes on where the one before has stopped.
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
    // First, so that no call of that time is counted again when it is written once more.
    await sql`update rollup_state set calls_from = ${before} where calls_from < ${before}`.execute(db)
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

  async function* pruneEvents(before: number): AsyncGenerator<PruneProgress> {
    let rows = 0
    for (;;) {
      const { rows: gone } = await sql`
        delete from events where id in (
          select id from events where occurred_at < ${before} order by occurred_at limit ${BATCH_ROWS}
        ) returning id`.execute(db)
      rows += gone.length
      const isDone = gone.length < BATCH_ROWS
      yield { what: 'events', rows, isDone }
      if (isDone) return
    }
  }

  async function* pruneRollups(before: number): AsyncGenerator<PruneProgress> {
    // First, so that no question is answered by a rollup of which a part is missing.
    await sql`update rollup_state set rollups_from = ${before} where rollups_from < ${before}`.execute(db)
    let rows = 0
    for (const { table } of ROLLUPS) {
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

  async function* wouldPrune({ content, calls, rollups }: PruneTimes): AsyncGenerator<PruneProgress> {
    if (content !== undefined) {
      yield { what: 'content', rows: await count('call_contents', sql`created_at < ${content}`), isDone: true }
    }
    if (calls !== undefined) {
      yield { what: 'calls', rows: await count('calls', sql`started_at < ${calls}`), isDone: true }
      yield { what: 'events', rows: await count('events', sql`occurred_at < ${calls}`), isDone: true }
    }
    if (rollups === undefined) return
    let rows = 0
    for (const { table } of ROLLUPS) rows += await count(table, sql`bucket_start < ${rollups}`)
    yield { what: 'rollups', rows, isDone: true }
  }

  return {
    async *prune(options) {
      const times = timesOf(options)
      if (options.dryRun === true) {
        yield* wouldPrune(times)
        return
      }
      if (times.content !== undefined) yield* pruneContent(times.content)
      if (times.calls !== undefined) {
        yield* pruneCalls(times.calls)
        yield* pruneEvents(times.calls)
      }
      if (times.rollups !== undefined) yield* pruneRollups(times.rollups)
    },
  }
}

interface PruneTimes {
  readonly content: number | undefined
  readonly calls: number | undefined
  readonly rollups: number | undefined
}

// Whole days in UTC for what rollups hold: a day of which a part is gone could not be added up anew.
function timesOf({ contentOlderThan, callsOlderThan, rollupsOlderThan }: PruneOptions): PruneTimes {
  const startOfDay = (time: number | undefined): number | undefined => {
    return time === undefined ? undefined : Math.floor(time / DAY_MS) * DAY_MS
  }
  return { content: contentOlderThan, calls: startOfDay(callsOlderThan), rollups: startOfDay(rollupsOlderThan) }
}
