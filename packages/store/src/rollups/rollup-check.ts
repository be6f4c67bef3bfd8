import { DAY_MS } from '@spanledger/core/time'
import { type Kysely, sql } from 'kysely'
import type { RollupCheck, RollupDifference } from './rollup-difference.ts'
import { COUNTED_COLUMNS, createDayCount, isSameHistogram, keptRowsOf, type KeptRow } from './rollup-day.ts'
import { nameOfRow, type RollupRow } from './rollup-row.ts'
import { pairsOf } from '../sums/histogram.ts'
import { fromRollupKey, HISTOGRAM_NAMES, HISTOGRAMS, type Rollup, ROLLUPS } from './rollups.ts'
import { rollupStateOf } from './rollup-state.ts'
import type { RollupStore } from './rollup-store.ts'
import type { CallRow, Tables } from '../sql/tables.ts'
import { SUM_NAMES } from '../sums/usage-sums.ts'

/** Rebuilds the rollups of a UTC day, in one transaction that blocks other writers of calls. */
export type RebuildDay = (dayStart: number) => Promise<void>

const PAGE_ROWS = 2000
const ATTEMPTS = 5
const MAX_DIFFERENCES = 100

/** Compares rollups with calls and rebuilds rollups. */
export function createRollupCheck(
  db: Kysely<Tables>,
  rebuildDay: RebuildDay,
): Pick<RollupStore, 'rollupCheck' | 'rebuildRollups'> {
  async function firstTimeFrom(time: number): Promise<number | undefined> {
    const query = sql<{ first: number | null }>`
      select min(first) as first from (
        select min(started_at) as first from calls where started_at >= ${time}
        union all select min(bucket_start) from rollup_quarters where bucket_start >= ${time}
      ) as firsts`
    return (await query.execute(db)).rows[0]?.first ?? undefined
  }

  // The days that have calls or rollups.
  async function* days(from: number): AsyncGenerator<number> {
    let first = await firstTimeFrom(from)
    while (first !== undefined) {
      const day = Math.floor(first / DAY_MS) * DAY_MS
      yield day
      first = await firstTimeFrom(day + DAY_MS)
    }
  }

  async function expectedOf(day: number): Promise<{ readonly calls: number; readonly rows: RowsOfRollups }> {
    const count = createDayCount()
    const columns = sql.join(COUNTED_COLUMNS.map((name) => sql.ref(`calls.${name}`)))
    let calls = 0
    let position = sql`(${day}, 0)`
    for (;;) {
      const { rows } = await sql<CallRow>`
        select ${columns}, calls.ingest_seq from calls
        where (calls.started_at, calls.ingest_seq) > ${position} and calls.started_at < ${day + DAY_MS}
        order by calls.started_at, calls.ingest_seq limit ${PAGE_ROWS}`.execute(db)
      for (const row of rows) count.add(row)
      calls += rows.length
      const last = rows.at(-1)
      if (rows.length < PAGE_ROWS || last === undefined) break
      position = sql`(${last.started_at}, ${last.ingest_seq})`
    }
    return { calls, rows: new Map(count.rollups().map(({ rollup, rows }) => [rollup, rows])) }
  }

  async function keptOf(rollup: Rollup, day: number): Promise<RollupRow[]> {
    const { rows } = await sql<KeptRow>`
      select * from ${sql.table(rollup.table)}
      where bucket_start >= ${day} and bucket_start < ${day + DAY_MS}`.execute(db)
    return keptRowsOf(rollup, rows)
  }

  // A concurrent write looks like a difference, so a day is checked again before it counts as wrong.
  async function checkDay(day: number): Promise<{ readonly calls: number; readonly differences: RollupDifference[] }> {
    for (let attempt = 1; ; attempt += 1) {
      const { calls, rows } = await expectedOf(day)
      const differences: RollupDifference[] = []
      for (const rollup of ROLLUPS) {
        differences.push(...differencesOf(rollup, await keptOf(rollup, day), rows.get(rollup) ?? []))
      }
      if (differences.length === 0 || attempt === ATTEMPTS) return { calls, differences }
    }
  }

  return {
    async rollupCheck(): Promise<RollupCheck> {
      const { rollups_from: rollupsFrom, calls_from: callsFrom } = await rollupStateOf(db)
      if (rollupsFrom === null) {
        throw new Error('The rollups of this database are not built yet; build them with "spanledger rollup"')
      }
      const sum = { days: 0, calls: 0, differing: 0 }
      const differences: RollupDifference[] = []
      for await (const day of days(Math.max(rollupsFrom, callsFrom))) {
        const checked = await checkDay(day)
        sum.days += 1
        sum.calls += checked.calls
        sum.differing += checked.differences.length
        differences.push(...checked.differences.slice(0, MAX_DIFFERENCES - differences.length))
      }
      return { ...sum, differences }
    },

    async *rebuildRollups() {
      const { rollups_from: rollupsFrom, calls_from: callsFrom } = await rollupStateOf(db)
      const from = Math.max(rollupsFrom ?? 0, callsFrom)
      for await (const day of days(from)) {
        await rebuildDay(day)
        yield day
      }
      if (rollupsFrom === null) {
        await sql`update rollup_state set rollups_from = 0 where rollups_from is null`.execute(db)
      }
    },
  }
}

type RowsOfRollups = ReadonlyMap<Rollup, readonly RollupRow[]>

function differencesOf(rollup: Rollup, kept: readonly RollupRow[], expected: readonly RollupRow[]): RollupDifference[] {
  const keptByName = new Map(kept.map((row) => [nameOfRow(row), row]))
  const expectedByName = new Map(expected.map((row) => [nameOfRow(row), row]))
  const names = new Set([...keptByName.keys(), ...expectedByName.keys()])
  return [...names].flatMap((name) => rowDifferences(rollup, keptByName.get(name), expectedByName.get(name)))
}

function rowDifferences(
  rollup: Rollup,
  kept: RollupRow | undefined,
  expected: RollupRow | undefined,
): RollupDifference[] {
  const row = kept ?? expected
  if (row === undefined) return []
  const common = { rollup: rollup.table, bucketStart: row.bucketStart, key: row.keys.map(fromRollupKey) }
  const differences: RollupDifference[] = []
  for (const [index, column] of SUM_NAMES.entries()) {
    const values = { kept: kept?.sums[index] ?? null, expected: expected?.sums[index] ?? null }
    if ((values.kept ?? 0) !== (values.expected ?? 0)) differences.push({ ...common, column, ...values })
  }
  if (row.histograms === undefined) return differences
  for (const name of HISTOGRAM_NAMES) {
    const a = kept?.histograms?.[name] ?? new Map<number, number>()
    const b = expected?.histograms?.[name] ?? new Map<number, number>()
    if (isSameHistogram(a, b)) continue
    differences.push({ ...common, column: HISTOGRAMS[name].column, kept: pairsOf(a), expected: pairsOf(b) })
  }
  return differences
}
