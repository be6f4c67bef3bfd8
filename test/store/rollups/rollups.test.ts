import type { Call } from '@spanledger/core'
import {
  type BucketSize,
  BUCKET_SIZES,
  type CallFilter,
  type Grouping,
  GROUPINGS,
  type RollupCheck,
  type Store,
} from '@spanledger/store'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buildCall } from '../../core/build-call.ts'
import { collect, STORES, type TestDatabase } from '../stores.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
// Clocks go forward in Berlin on the 29th, and in Lord Howe back, by half an hour, on the 5th of April.
const START = Date.parse('2026-03-27T00:00Z')
const ZONES = ['UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'America/St_Johns']

const word = fc.constantFrom(null, '', 'a', 'b', '=')
const count = fc.option(fc.oneof(fc.nat(1000), fc.constant(0)))
const duration = fc.option(fc.oneof(fc.double({ min: 0, max: 100_000, noNaN: true }), fc.nat(20), fc.constant(1e300)))

const arbitraryCall: fc.Arbitrary<Partial<Call>> = fc.record({
  trace_id: fc.integer({ min: 1, max: 6 }).map((id) => id.toString(16).padStart(32, '0')),
  span_id: fc.integer({ min: 1, max: 6 }).map((id) => id.toString(16).padStart(16, '0')),
  model: word,
  request_model: word,
  provider: word,
  operation: word,
  call_type: word,
  project_id: fc.constantFrom(null, 'a', 'b'),
  user_id: word,
  session_id: fc.constantFrom(null, 'a', 'b'),
  company_id: word,
  task_id: word,
  service_name: word,
  environment: word,
  tool_name: word,
  tags: fc.option(fc.uniqueArray(fc.constantFrom('', 'a', 'b', '='), { maxLength: 3 }), { nil: null }),
  kind: fc.constantFrom<Call['kind']>('model', 'tool', 'run'),
  billable: fc.constantFrom<0 | 1>(0, 1),
  status: fc.constantFrom<Call['status']>('ok', 'error', 'open'),
  input_tokens: count,
  output_tokens: count,
  total_tokens: count,
  cache_read_tokens: count,
  cache_write_tokens: count,
  reasoning_tokens: count,
  cost_nano_usd: count,
  cost_flags: fc.constantFrom<string[] | null>(null, [], ['byok']),
  cost_source: fc.constantFrom<Call['cost_source']>('list', null),
  duration_ms: duration,
  time_to_first_token_ms: duration,
  started_at: fc.oneof(
    fc.integer({ min: START, max: START + 12 * DAY }),
    fc.nat(12 * 96).map((quarter) => START + (quarter * HOUR) / 4),
  ),
  ended_at: fc.constantFrom(null, START + DAY, START + 2 * DAY),
})

const HOUR_TABLES = [
  '',
  '_by_model',
  '_by_operation',
  '_by_project',
  '_by_service',
  '_by_outcome',
  '_by_tool',
  '_by_tag',
].map((name) => `rollup_hours${name}`)

const ANSWER_TABLES = ['days', 'hours', 'quarters'].map((width) => `rollup_${width}_by_answer`)

// What later steps of the schema made, so that an older database has none of it.
const NEWER_TABLES = ['saved_views']

function differingTables({ differences }: RollupCheck): string[] {
  return [...new Set(differences.map(({ rollup }) => rollup))].sort()
}

const FILTERS = [
  'model',
  'requestedModel',
  'provider',
  'operation',
  'callType',
  'project',
  'user',
  'session',
  'company',
  'task',
  'tag',
  'service',
  'environment',
  'tool',
  'usedTool',
] as const

const arbitraryFilter: fc.Arbitrary<CallFilter> = fc
  .record({
    from: fc.option(fc.integer({ min: START, max: START + 12 * DAY }), { nil: undefined }),
    length: fc.option(fc.integer({ min: 0, max: 12 * DAY }), { nil: undefined }),
    isOfDays: fc.boolean(),
    tz: fc.constantFrom(...ZONES),
    values: fc.dictionary(fc.constantFrom(...FILTERS), fc.oneof(word, fc.array(word, { maxLength: 3 })), {
      maxKeys: 2,
    }),
  })
  .map(({ from, length, isOfDays, tz, values }) => {
    const start = from === undefined || !isOfDays ? from : Math.floor(from / DAY) * DAY
    return { ...values, tz, from: start, to: length === undefined ? undefined : (start ?? START) + length }
  })

const arbitraryQuestion = fc.record({
  filter: arbitraryFilter,
  groupBy: fc.constantFrom(...GROUPINGS),
  bucket: fc.constantFrom(...BUCKET_SIZES),
})

// Results whose order among equals is unspecified are compared by key.
async function answersOf(
  store: Store,
  { filter, groupBy, bucket }: { filter: CallFilter; groupBy: Grouping; bucket: BucketSize },
): Promise<unknown> {
  const range = { ...filter, from: filter.from ?? START, to: filter.to ?? START + 12 * DAY }
  return {
    summary: await store.summary(filter, { percentiles: true }),
    breakdown: await store.breakdown(filter, groupBy, { percentiles: true }),
    limited: await store.breakdown(filter, groupBy, { limit: 1 }),
    tools: await store.toolStats(filter),
    report: await store.toolReport(range, { bucket }),
    series: await store.timeseries(range, { bucket, ...(groupBy !== 'day' && { groupBy, limit: 1 }) }),
  }
}

// The calls of each model, by what the calls themselves say.
function callsByModel(calls: readonly Call[]): Record<string, number> {
  const isUnnamed = ({ model, request_model: asked }: Call): boolean => model === null || model === asked
  const answers = calls.filter((call) => call.billable === 1 && (!isUnnamed(call) || call.status === 'ok'))
  const counts: Record<string, number> = {}
  for (const call of calls) {
    if (call.billable === 0) continue
    const asked = call.request_model
    const models = new Set(
      answers.flatMap(({ model, request_model }) => (request_model === asked && model !== null ? [model] : [])),
    )
    const [only] = models
    const key = (asked !== null && isUnnamed(call) && models.size === 1 ? only : (call.model ?? asked)) ?? 'unknown'
    counts[key] = (counts[key] ?? 0) + 1
  }
  return counts
}

describe.each(STORES)('rollups in $name', ({ name, create }) => {
  let database: TestDatabase
  let store: Store

  beforeEach(async () => {
    database = await create()
    store = await database.open()
  })
  afterEach(() => database.remove())

  test('agree with the calls, in whatever order these arrived and changed', { timeout: 120_000 }, async () => {
    const written = fc.array(fc.array(arbitraryCall, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 4 })
    const property = fc.asyncProperty(
      written,
      fc.array(arbitraryQuestion, { maxLength: 4 }),
      async (lists, questions) => {
        const other = await create()
        try {
          const rolled = await other.open()
          const plain = await other.open({ usesRollups: false })
          for (const list of lists) {
            const { rejected } = await rolled.write(list.map((call) => buildCall(call)))
            expect(rejected).toEqual([])
          }
          await collect(
            rolled.reprice({ model: 'a' }, (call) => ({ ...call, cost_nano_usd: 7, cost_source: 'list' }), {
              write: true,
            }),
          )
          expect(await rolled.rollupCheck()).toMatchObject({ differing: 0, differences: [] })
          const stored = await collect(plain.iterate({}))
          const byModel = await rolled.breakdown({}, 'model')
          const counted = byModel.flatMap(({ key, calls }) => (calls === 0 ? [] : [[key ?? 'unknown', calls] as const]))
          expect(Object.fromEntries(counted)).toEqual(callsByModel(stored))
          for (const question of questions) {
            expect(await answersOf(rolled, question)).toEqual(await answersOf(plain, question))
          }
        } finally {
          await other.remove()
        }
      },
    )
    await fc.assert(property, { numRuns: name === 'sqlite' ? 20 : 8 })
  })

  test('a wrong sum is found and repaired', async () => {
    await store.write([buildCall({ started_at: START, model: 'gpt-5', cost_nano_usd: 5, duration_ms: 12 })])
    expect(await store.rollupCheck()).toEqual({ days: 1, calls: 1, differing: 0, differences: [] })
    await database.change('UPDATE rollup_days_by_model SET cost_nano_usd_sum = 6')
    await database.change("UPDATE rollup_quarters_by_model SET model_key = '=other'")
    const check = await store.rollupCheck()
    expect(check.differences).toContainEqual({
      rollup: 'rollup_days_by_model',
      bucketStart: START,
      key: ['gpt-5', null],
      column: 'cost_nano_usd_sum',
      kept: 6,
      expected: 5,
    })
    expect(check.differing).toBeGreaterThan(1)
    expect(await collect(store.rebuildRollups())).toEqual([START])
    expect(await store.rollupCheck()).toMatchObject({ differing: 0 })
  })

  test('queries read calls until the rollups are built', async () => {
    await store.write([buildCall({ started_at: START, cost_nano_usd: 5 })])
    await database.change('DELETE FROM rollup_days')
    await database.change('UPDATE rollup_state SET rollups_from = NULL')
    expect(await store.summary({})).toMatchObject({ calls: 1, costNanoUsd: 5 })
    await expect(store.rollupCheck()).rejects.toThrow('The rollups of this database are not built yet')
    await collect(store.rebuildRollups())
    expect(await store.rollupCheck()).toMatchObject({ differing: 0, calls: 1 })
    expect(await store.summary({})).toMatchObject({ calls: 1, costNanoUsd: 5 })
  })

  test('hourly rollups are filled from the 15-minute ones of an older database', async () => {
    const calls = [0, 1, 5].map((quarter, index) => {
      const tags = index === 0 ? ['a', 'b'] : null
      return buildCall({ span_id: `${index + 1}`.padStart(16, '0'), started_at: START + (quarter * HOUR) / 4, tags })
    })
    await store.write(calls)
    await store.close()
    for (const table of [...HOUR_TABLES, ...ANSWER_TABLES, ...NEWER_TABLES])
      await database.change(`DROP TABLE ${table}`)
    await database.change('DROP INDEX calls_by_user')
    await database.change('DROP INDEX calls_by_tool')
    await database.change('DELETE FROM spanledger_migrations WHERE version >= 9')
    const opened = await database.open()
    await database.change('UPDATE rollup_state SET rollups_from = 0')
    expect(differingTables(await opened.rollupCheck())).toEqual(ANSWER_TABLES)
    const { totals } = await opened.timeseries({ from: START, to: START + 2 * HOUR }, { bucket: '1h' })
    expect(totals.map((sums) => sums.calls)).toEqual([2, 1])
  })

  test('a database without rollups by answer keeps what is deleted, and builds the rest from the calls', async () => {
    const old = buildCall({ span_id: '1'.padStart(16, '0'), started_at: START, model: 'gpt-5', cost_nano_usd: 3 })
    const answered = { request_model: 'gpt-5', model: 'gpt-5-2025', cost_nano_usd: 5, duration_ms: 7 }
    await store.write([old, buildCall({ span_id: '2'.padStart(16, '0'), started_at: START + DAY, ...answered })])
    await collect(store.prune({ callsOlderThan: START + DAY }))
    await store.close()
    for (const table of [...ANSWER_TABLES, ...NEWER_TABLES]) await database.change(`DROP TABLE ${table}`)
    await database.change('DROP INDEX calls_by_tool')
    await database.change('DELETE FROM spanledger_migrations WHERE version >= 11')
    const opened = await database.open()
    expect(await opened.hasRollups()).toBe(false)
    await collect(opened.rebuildRollups())
    expect(await opened.rollupCheck()).toMatchObject({ calls: 1, differing: 0 })
    const costs = async (groupBy: Grouping) =>
      (await opened.breakdown({}, groupBy)).map(({ key, costNanoUsd }) => [key, costNanoUsd])
    expect(await costs('model')).toEqual([
      ['gpt-5-2025', 5],
      ['gpt-5', 3],
    ])
    expect(await costs('requestedModel')).toEqual([
      ['gpt-5', 5],
      [null, 3],
    ])
  })

  test('groups include calls that retention has deleted, also by conversation', async () => {
    const calls = ['s1', 's2', 's3'].map((session, index) =>
      buildCall({
        span_id: `${index + 1}`.padStart(16, '0'),
        session_id: session,
        started_at: START + HOUR,
        cost_nano_usd: index,
      }),
    )
    await store.write(calls)
    await collect(store.prune({ callsOlderThan: START + DAY }))
    const rows = await store.breakdown({ from: START, to: START + DAY }, 'session', { limit: 2 })
    expect(rows.map(({ key, calls: count }) => [key, count])).toEqual([
      ['s3', 1],
      ['s2', 1],
      [null, 1],
    ])
  })

  test('concurrent writers of one row lose nothing and do not block each other', async () => {
    const stores = [store, await database.open(), await database.open()]
    const lists = Array.from({ length: 12 }, (_, list) =>
      Array.from({ length: 20 }, (_, index) => {
        const id = (list * 15 + index + 1).toString(16).padStart(16, '0') // a quarter of each list is in the next one too
        return buildCall({
          span_id: id,
          started_at: START + index,
          model: `m${index % 3}`,
          cost_nano_usd: 10,
          duration_ms: index,
        })
      }),
    )
    await Promise.all(lists.map((list, index) => stores[index % 3]!.write(list)))
    expect(await store.rollupCheck()).toMatchObject({ differing: 0 })
    expect(await store.summary({})).toMatchObject({ calls: 185, costNanoUsd: 1850 })
  })
})
