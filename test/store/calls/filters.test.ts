import type { Call, Json } from '@spanledger/core'
import type { CallFilter, FilterValue, NumberRange, Store } from '@spanledger/store'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildCall } from '../../core/build-call.ts'
import { DATABASES, type TestDatabase } from '../stores.ts'

const USERS = ['ada', 'grace', '-heidi', null]
const TAGS = [['web'], ['web', 'beta'], [], null]
const METADATA: readonly (Record<string, Json> | null)[] = [
  null,
  {},
  { tier: 'gold' },
  { tier: 'silver', retries: 3 },
  { tier: 'gold', beta: true, nested: { tier: 'silver' } },
  { 'a "quoted" key': "it's", retries: 3.5, tier: null },
  { tier: '3', beta: 'true' },
]
const NUMBERS = [null, 0, 1, 250, 1_000]

// Every combination that matters once, spread over the values.
const CALLS: readonly Call[] = Array.from({ length: 140 }, (_, index) => {
  const pick = <Value>(values: readonly Value[], step: number): Value =>
    values[Math.floor(index / step) % values.length] as Value // never empty
  return buildCall({
    span_id: (index + 1).toString(16).padStart(16, '0'),
    user_id: pick(USERS, 1),
    tags: pick(TAGS, 4),
    metadata: pick(METADATA, 1),
    duration_ms: pick(NUMBERS, 2),
    cost_nano_usd: pick(NUMBERS, 3),
    total_tokens: pick(NUMBERS, 5),
  })
})

const oneOrMore = <Value>(values: readonly Value[]) =>
  fc.oneof(fc.constantFrom(...values), fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 }))
const user: fc.Arbitrary<FilterValue> = oneOrMore([...USERS, 'nobody'])
const tag: fc.Arbitrary<FilterValue> = oneOrMore(['web', 'beta', 'unused', null])
const range = fc.record(
  { from: fc.constantFrom(0, 1, 0.5, 2, 250, -1e300), to: fc.constantFrom(0, 1, 999.5, 1_000, 1e300) },
  { requiredKeys: [] },
)
const metadata = fc.dictionary(
  fc.constantFrom('tier', 'retries', 'beta', 'a "quoted" key', 'nested', 'absent'),
  oneOrMore(['gold', 'silver', '3', '3.5', 'true', '1', "it's", null]),
  { minKeys: 1, maxKeys: 2 },
)
const filters: fc.Arbitrary<CallFilter> = fc.record(
  {
    user,
    tag,
    except: fc.record({ user, tag }, { requiredKeys: [] }),
    duration: range,
    cost: range,
    tokens: range,
    metadata,
  },
  { requiredKeys: [] },
)

// The same rules once more, without a database.
function isMeant(call: Call, filter: CallFilter): boolean {
  const tags = call.tags === null || call.tags.length === 0 ? [null] : call.tags
  return (
    isAnyOf([call.user_id], filter.user) &&
    isAnyOf(tags, filter.tag) &&
    (filter.except?.user === undefined || !isAnyOf([call.user_id], filter.except.user)) &&
    (filter.except?.tag === undefined || !isAnyOf(tags, filter.except.tag)) &&
    isIn(call.duration_ms, filter.duration) &&
    isIn(call.cost_nano_usd, filter.cost) &&
    isIn(call.total_tokens, filter.tokens) &&
    Object.entries(filter.metadata ?? {}).every(([key, value]) => isAnyOf([entryOf(call, key)], value))
  )
}

function isAnyOf(values: readonly (string | null | undefined)[], wanted: FilterValue | undefined): boolean {
  return wanted === undefined || values.some((value) => [wanted].flat().includes(value as string)) // undefined is not in it
}

function isIn(value: number | null, { from, to }: NumberRange = {}): boolean {
  if (from === undefined && to === undefined) return true
  return value !== null && value >= (from ?? -Infinity) && value <= (to ?? Infinity)
}

// undefined: a value that no text equals.
function entryOf({ metadata }: Call, key: string): string | null | undefined {
  if (metadata === null || !Object.hasOwn(metadata, key)) return null
  const value = metadata[key]
  return value === null || typeof value === 'object' ? undefined : String(value)
}

describe.each(DATABASES)('filters of calls in $name', ({ create }) => {
  let database: TestDatabase
  let store: Store

  beforeAll(async () => {
    database = await create()
    store = await database.open()
    await store.write(CALLS)
  })
  afterAll(() => database.remove())

  const listed = async (filter: CallFilter) => (await store.calls(filter, { limit: CALLS.length })).calls
  const found = async (filter: CallFilter): Promise<string[]> =>
    (await listed(filter)).map((call) => call.span_id).toSorted()
  const meant = (filter: CallFilter): string[] =>
    CALLS.filter((call) => isMeant(call, filter)).map((call) => call.span_id)

  test('a call that an exclusion does not name stays, also without a value', async () => {
    const users = new Set((await listed({ except: { user: '-heidi' } })).map((call) => call.user_id))
    expect(users).toEqual(new Set(['ada', 'grace', null]))
  })

  test('an exclusion of the unknown leaves out calls without a value', async () => {
    const users = new Set((await listed({ except: { user: null } })).map((call) => call.user_id))
    expect(users).toEqual(new Set(['ada', 'grace', '-heidi']))
  })

  test('a range has both its ends, and no unknown number', async () => {
    const costs = new Set((await listed({ cost: { from: 1, to: 250 } })).map((call) => call.cost_nano_usd))
    expect(costs).toEqual(new Set([1, 250]))
  })

  test('metadata is compared as text at its top level', async () => {
    expect(await found({ metadata: { retries: '3' } })).toEqual(meant({ metadata: { retries: '3' } }))
    expect(await found({ metadata: { beta: 'true' } })).toHaveLength(40)
    expect(await found({ metadata: { nested: 'silver' } })).toEqual([])
    expect(await found({ metadata: { absent: null } })).toHaveLength(CALLS.length)
  })

  test('any filter selects the calls that its words say', async () => {
    await fc.assert(
      fc.asyncProperty(filters, async (filter) => {
        expect(await found(filter)).toEqual(meant(filter))
      }),
      { numRuns: 150 },
    )
  })

  test('sums of a filter that rollups cannot answer are sums of its calls', async () => {
    await fc.assert(
      fc.asyncProperty(filters, async (filter) => {
        const calls = CALLS.filter((call) => isMeant(call, filter))
        const costs = calls.flatMap((call) => call.cost_nano_usd ?? [])
        expect(await store.summary(filter)).toMatchObject({
          calls: calls.length,
          costNanoUsd: costs.length === 0 ? null : costs.reduce((sum, cost) => sum + cost, 0),
        })
      }),
      { numRuns: 50 },
    )
  })
})
