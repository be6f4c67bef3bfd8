import { type Call, createPriceBook, type CustomPrice, type PriceFile, repriceCall } from '@spanledger/core'
import type { RepricedCall, Store } from '@spanledger/store'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buildCall, buildContent } from '../../core/build-call.ts'
import { collect, DATABASES, STORES, type TestDatabase } from '../stores.ts'

const NOW = 1_777_000_000_000
const LATER = NOW + 1000

const MINI: CustomPrice = { provider: 'openai', model: 'gpt-5-mini', per_mtok: { input: '0.3', output: '2.4' } }
const FLEX: CustomPrice = { ...MINI, tier: 'flex', per_mtok: { input: '0.15', output: '1.2' } }

function file(...prices: readonly CustomPrice[]): PriceFile {
  return { schema: 1, prices }
}

function leaf(number: number, columns: Partial<Call> = {}): Call {
  return buildCall({
    span_id: number.toString(16).padStart(16, '0'),
    provider: 'mine',
    model: 'm',
    request_model: 'm',
    usage_source: 'span',
    input_tokens: 100,
    output_tokens: 10,
    total_tokens: 110,
    cache_read_tokens: 0,
    cost_reason: 'unknown_provider',
    ...columns,
  })
}

describe.each(STORES)('prices in $name', ({ create }) => {
  let database: TestDatabase
  let store: Store

  beforeEach(async () => {
    database = await create()
    store = await database.open({ now: () => NOW })
  })
  afterEach(() => database.remove())

  const stamps = async () =>
    (await database.rows('select model, created_at from prices')).map((row) => row['created_at'])

  describe('of your own', () => {
    test('are empty at first', async () => {
      expect(await store.customPrices()).toEqual(file())
    })

    test('are returned as they were set, in their order, also by other stores', async () => {
      expect(await store.changePrices(() => file(FLEX, MINI))).toEqual(file(FLEX, MINI))
      const other = await database.open({ readOnly: true })
      expect(await other.customPrices()).toEqual(file(FLEX, MINI))
    })

    test('are changed from the stored ones, and those that stay keep their time', async () => {
      await store.changePrices(() => file(MINI))
      const later = await database.open({ now: () => LATER })
      await later.changePrices(({ prices }) => file(...prices, FLEX))
      expect(await store.customPrices()).toEqual(file(MINI, FLEX))
      expect(await stamps()).toEqual([NOW, LATER])
      await store.changePrices(({ prices }) => file(...prices.slice(1)))
      expect(await store.customPrices()).toEqual(file(FLEX))
      expect(await stamps()).toEqual([LATER])
    })

    test.each<[string, readonly CustomPrice[], string]>([
      ['no price', [MINI, { provider: 'openai', model: 'x' }], 'prices[1]: no price; write per_mtok'],
      ['two for one model', [MINI, MINI], 'prices[1]: matches as well as prices[0] ("gpt-5-mini")'],
      ['a number', [{ ...MINI, discount: 0.5 as unknown as string }], '0.5 is not a decimal'],
    ])('that are inconsistent change nothing: %s', async (_, prices, message) => {
      await store.changePrices(() => file(FLEX))
      await expect(store.changePrices(() => file(...prices))).rejects.toThrow(message)
      expect(await store.customPrices()).toEqual(file(FLEX))
    })

    test('stay as they are if the change throws, and the store can be used', async () => {
      await store.changePrices(() => file(FLEX))
      const change = (): never => {
        throw new Error('no')
      }
      await expect(store.changePrices(change)).rejects.toThrow('no')
      expect(await store.customPrices()).toEqual(file(FLEX))
      expect(await store.changePrices(() => file())).toEqual(file())
    })

    test('cannot be changed in a store that is open for reading', async () => {
      const reader = await database.open({ readOnly: true })
      await expect(reader.changePrices(() => file())).rejects.toThrow('is open for reading only')
    })
  })

  describe('that are missing', () => {
    test('are counted by the values that calls share, the most frequent first', async () => {
      await store.write([
        leaf(1, { started_at: 1000 }),
        leaf(2, { started_at: 3000 }),
        leaf(3, {
          started_at: 2000,
          provider: 'openai',
          model: 'gpt-5',
          service_tier: 'flex',
          cost_reason: 'unpriced_tier',
        }),
        leaf(4, { cost_nano_usd: 0, cost_source: 'custom', cost_reason: null }),
        leaf(5, { billable: 0, kind: 'run' }),
        leaf(6, { input_tokens: null, output_tokens: null, total_tokens: null, usage_source: 'none' }),
      ])
      const mine = { provider: 'mine', model: 'm', requestModel: 'm', serviceTier: null, reason: 'unknown_provider' }
      const flex = { ...mine, provider: 'openai', model: 'gpt-5', serviceTier: 'flex', reason: 'unpriced_tier' }
      expect(await store.unpricedModels({})).toEqual([
        { ...mine, calls: 2, lastStartedAt: 3000 },
        { ...flex, calls: 1, lastStartedAt: 2000 },
      ])
      expect(await store.unpricedModels({ from: 2500 })).toEqual([{ ...mine, calls: 1, lastStartedAt: 3000 }])
      expect((await store.summary({})).unpricedCalls).toBe(3)
    })
  })

  describe('that changed', () => {
    // 100 × 1,000 + 10 × 2,000 nano-USD
    const PRICES = createPriceBook({
      custom: file({ provider: 'mine', model: '*', per_mtok: { input: '1', output: '2', cache_read: '1' } }),
    })
    const COST = 120_000
    const price = (call: Call) => repriceCall(call, PRICES, LATER)

    async function reprice(write: boolean, filter = {}): Promise<RepricedCall[]> {
      return collect(store.reprice(filter, price, { write }))
    }

    test('set the cost of every billable call, with the previous one beside it', async () => {
      const listed = leaf(2, { cost_nano_usd: 7, cost_source: 'list', cost_reason: null, price_version: 'old' })
      await store.write([leaf(1, { content: buildContent({ answer: 'Noon' }) }), listed])
      const repriced = await reprice(true)
      expect(repriced.map(({ before, after }) => [before.cost_nano_usd, after.cost_nano_usd])).toEqual([
        [null, COST],
        [7, COST],
      ])
      const calls = await collect(store.iterate({}, { content: true }))
      expect(calls).toMatchObject([
        { ...price(leaf(1)), content: { answer: 'Noon' }, created_at: NOW },
        { ...price(listed), previous_cost_nano_usd: 7, repriced_at: LATER, created_at: NOW },
      ])
      expect(await store.summary({})).toMatchObject({ costNanoUsd: 2 * COST, unpricedCalls: 0 })
    })

    test('change nothing unless requested, and work in a store that is open for reading', async () => {
      await store.write([leaf(1)])
      store = await database.open({ readOnly: true })
      expect((await reprice(false)).map(({ after }) => after.cost_nano_usd)).toEqual([COST])
      expect(await store.summary({})).toMatchObject({ costNanoUsd: null })
      await expect(reprice(true)).rejects.toThrow('is open for reading only')
    })

    test('change nothing the second time', async () => {
      await store.write([leaf(1)])
      await reprice(true)
      const before = await collect(store.iterate({}))
      const again = await collect(store.reprice({}, (call) => repriceCall(call, PRICES, LATER + 1), { write: true }))
      expect(again).toEqual([{ before: before[0], after: before[0] }])
      expect(await collect(store.iterate({}))).toEqual(before)
    })

    test.each<[string, Partial<Call>]>([
      ['the provider reported', { cost_nano_usd: 5, cost_source: 'provider', cost_reason: null }],
      ['another source reported', { cost_nano_usd: 5, cost_source: 'reported', cost_reason: null }],
      ['an unknown source set', { cost_nano_usd: 5, cost_source: null, cost_reason: null }],
      ['is that of a run', { kind: 'run', billable: 0 }],
    ])('never touch a cost that %s, whatever the function returns', async (_, columns) => {
      await store.write([leaf(1, columns)])
      const before = await collect(store.iterate({}))
      const set = (call: Call): Call => ({ ...call, cost_nano_usd: 1, cost_source: 'custom' })
      expect(await collect(store.reprice({}, set, { write: true }))).toEqual([])
      expect(await collect(store.iterate({}))).toEqual(before)
    })

    test('change only the cost columns', async () => {
      await store.write([leaf(1)])
      await collect(store.reprice({}, (call) => ({ ...price(call), model: 'other', user_id: 'eve' }), { write: true }))
      expect(await collect(store.iterate({}))).toMatchObject([{ model: 'm', user_id: null, cost_nano_usd: COST }])
    })

    test('only for the calls of a filter', async () => {
      await store.write([leaf(1), leaf(2, { model: 'n' }), leaf(3, { user_id: 'ada' })])
      expect(await reprice(true, { model: 'm', user: 'ada' })).toHaveLength(1)
      expect(await store.breakdown({}, 'user')).toMatchObject([
        { key: 'ada', costNanoUsd: COST },
        { key: null, costNanoUsd: null, unpricedCalls: 2 },
      ])
    })

    test('apply to any number of calls, which other writers can merge meanwhile', async () => {
      const calls = Array.from({ length: 1201 }, (_, index) => leaf(index + 1))
      await store.write(calls)
      const writer = await database.open()
      let seen = 0
      for await (const { after } of store.reprice({}, price, { write: true })) {
        expect(after.cost_nano_usd).toBe(COST)
        seen += 1
        // The answer's own cost, for a call that is still to come; and a call that nobody waits for.
        if (seen === 1) {
          await writer.write([leaf(1100, { cost_nano_usd: 9, cost_source: 'provider', cost_reason: null }), leaf(5000)])
        }
      }
      expect(seen).toBe(1200)
      expect(await store.summary({})).toMatchObject({ costNanoUsd: 1200 * COST + 9, unpricedCalls: 1 })
    })

    test('page by page: who stops early has changed what was given, or some more', async () => {
      await store.write(Array.from({ length: 1201 }, (_, index) => leaf(index + 1)))
      const repricing = store.reprice({}, price, { write: true })[Symbol.asyncIterator]()
      await repricing.next()
      await repricing.return?.()
      const { costNanoUsd } = await store.summary({})
      expect(costNanoUsd).toBe(500 * COST)
      expect((await reprice(true)).filter(({ before, after }) => before !== after)).toHaveLength(701)
    })

    test('are not undone by a redelivery of the original', async () => {
      await store.write([leaf(1), leaf(2, { cost_nano_usd: 7, cost_source: 'list', cost_reason: null })])
      await reprice(true)
      const before = await collect(store.iterate({}))
      const originals = [leaf(1), leaf(2, { cost_nano_usd: 7, cost_source: 'list', cost_reason: null })]
      expect(await store.write(originals)).toMatchObject({ deduplicated: 2 })
      expect(await collect(store.iterate({}))).toEqual(before)
      // Once the answer's own cost is known, it stands.
      await store.write([leaf(1, { cost_nano_usd: 9, cost_source: 'provider', cost_reason: null })])
      expect(await store.summary({})).toMatchObject({ costNanoUsd: 9 + COST })
    })
  })
})

test('a cost that the provider reports between the query and the change is left alone', async () => {
  const { create } = DATABASES[0]!
  const database = await create()
  const store = await database.open()
  const writer = await database.open()
  await store.write([leaf(1), leaf(2)])
  let asked = 0
  const price = (call: Call): Call => {
    asked += 1
    // Settles before the change begins: a write of SQLite does not pause.
    if (asked === 1) void writer.write([leaf(1, { cost_nano_usd: 9, cost_source: 'provider', cost_reason: null })])
    return { ...call, cost_nano_usd: 1, cost_source: 'custom' }
  }
  const given = await collect(store.reprice({}, price, { write: true }))
  expect(given.map(({ after }) => after.cost_nano_usd)).toEqual([9, 1])
  expect(await collect(store.iterate({}))).toMatchObject([{ cost_nano_usd: 9 }, { cost_nano_usd: 1 }])
  await database.remove()
})
