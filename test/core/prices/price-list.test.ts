import { createHash } from 'node:crypto'
import { calcPrice, waitForUpdate } from '@pydantic/genai-prices'
import { createPriceBook, PRICE_LIST, type PriceList, toProviderName, type Usage } from '@spanledger/core'
import {
  fromGenAIPrices,
  type ListedPrice,
  listedPricesOf,
  mergePrices,
  parsePriceList,
  priceListText,
} from '@spanledger/core/prices'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const source = (await waitForUpdate()) ?? []
const converted = fromGenAIPrices(source)
const book = createPriceBook()

describe('the list that comes with the package', () => {
  test('is what the generator makes of the installed source', () => {
    const prices = Object.fromEntries(
      Object.keys(PRICE_LIST.prices).map((provider) => [provider, listedPricesOf(PRICE_LIST, provider)]),
    )
    expect(mergePrices(prices, converted.prices, PRICE_LIST.generated)).toMatchObject({ prices, changes: [] })
    expect(PRICE_LIST.fallbacks).toEqual(converted.fallbacks)
  })

  test('is signed', () => {
    expect(createHash('sha256').update(priceListText(PRICE_LIST)).digest('hex')).toBe(PRICE_LIST.sha256)
    expect(book.list).toMatchObject({ source: '@pydantic/genai-prices', sha256: PRICE_LIST.sha256 })
  })

  test('has no float noise', () => {
    const decimals = JSON.stringify(converted.prices).match(/"\d+\.\d{9,}"/g) ?? []
    // A price that is a twelfth of a dollar has no end; it keeps the twelve places there are.
    expect([...new Set(decimals)]).toEqual(['"0.083333333333"'])
  })

  test('survives being saved and read', () => {
    const expanded = { ...PRICE_LIST, prices: converted.prices }
    const list = parsePriceList(JSON.stringify(expanded))
    expect(priceListText(list)).toBe(priceListText(PRICE_LIST))
    expect(() =>
      parsePriceList(JSON.stringify({ ...expanded, prices: { openai: [{ model: 'x', per_mtok: { input: 1 } }] } })),
    ).toThrow('price list: prices.openai.0.per_mtok.input: 1 is not a decimal')
  })
})

// The source reads these otherwise than we do, on purpose.
const READ_OTHERWISE = new Set([
  // A prefix takes a model that has an entry of its own.
  'gcp.gemini/gemini-1.5-flash-8b',
])

interface Compared {
  readonly providerId: string
  readonly provider: string
  readonly id: string
  readonly price: ListedPrice
}

const compared: readonly Compared[] = source.flatMap(({ id: providerId }) => {
  const provider = toProviderName(providerId)
  const prices = converted.prices[provider] ?? []
  return prices.flatMap((price) =>
    [price.model.toLowerCase(), ...(price.also ?? []), ...(price.dated ?? [])]
      .filter((id) => !READ_OTHERWISE.has(`${provider}/${id}`) && !id.startsWith('regional.'))
      .map((id) => ({ providerId, provider, id, price })),
  )
})

const usages = fc.record({
  input: fc.nat(1_000_000),
  output: fc.nat(100_000),
  read: fc.double({ min: 0, max: 1, noNaN: true }),
  write: fc.double({ min: 0, max: 1, noNaN: true }),
  hour: fc.double({ min: 0, max: 1, noNaN: true }),
  reasoning: fc.double({ min: 0, max: 1, noNaN: true }),
  audio: fc.double({ min: 0, max: 1, noNaN: true }),
  searches: fc.nat(20),
  day: fc.integer({ min: Date.UTC(2025, 0, 1), max: Date.UTC(2027, 6, 1) }),
})

type Drawn = typeof usages extends fc.Arbitrary<infer Value> ? Value : never

// Only what both sides have a price for: where the source counts 0, we say that we do not know.
function usageOf(drawn: Drawn, { per_mtok: tokens = {}, per_unit: units = {} }: ListedPrice): Usage {
  const inputTokens = drawn.input + 1
  const outputTokens = tokens.output === undefined ? undefined : drawn.output
  const cacheReadTokens = Math.floor(drawn.read * inputTokens)
  const cacheWriteTokens = Math.floor(drawn.write * (inputTokens - cacheReadTokens))
  const uncached = inputTokens - cacheReadTokens - cacheWriteTokens
  return {
    inputTokens,
    outputTokens,
    cacheReadTokens,
    cacheWriteTokens,
    cacheWrite1hTokens: tokens.cache_write_1h === undefined ? 0 : Math.floor(drawn.hour * cacheWriteTokens),
    reasoningTokens: outputTokens === undefined ? undefined : Math.floor(drawn.reasoning * outputTokens),
    inputAudioTokens: tokens.input_audio === undefined ? undefined : Math.floor(drawn.audio * uncached),
    searches: units.search === undefined ? undefined : drawn.searches,
  }
}

function theirs(usage: Usage, { providerId, id }: Compared, atMs: number): number | undefined {
  const result = calcPrice(
    {
      input_tokens: usage.inputTokens,
      output_tokens: usage.outputTokens,
      cache_read_tokens: usage.cacheReadTokens,
      cache_write_tokens: usage.cacheWriteTokens,
      cache_write_1h_tokens: usage.cacheWrite1hTokens,
      output_reasoning_tokens: usage.reasoningTokens,
      input_audio_tokens: usage.inputAudioTokens,
      cache_audio_read_tokens: 0,
      web_searches: usage.searches,
    },
    id,
    { providerId, timestamp: new Date(atMs) },
  )
  return result === null ? undefined : result.total_price * 1e9
}

test('costs agree with the source to a nano-USD', () => {
  let agreed = 0
  fc.assert(
    fc.property(fc.constantFrom(...compared), usages, (model, drawn) => {
      const usage = usageOf(drawn, model.price)
      // The source gives DeepSeek's hours of 2026-08-17 to the time before it too.
      const atMs = model.id.startsWith('deepseek-v4') ? Math.max(drawn.day, Date.UTC(2026, 7, 17)) : drawn.day
      const ours = book.costOf({ provider: model.provider, model: model.id, atMs, usage })
      const other = theirs(usage, model, atMs)
      if (ours.costNanoUsd === null || other === undefined) return
      agreed += 1
      // Half for our rounding, the rest for their floats.
      const room = 0.5 + other * 1e-12
      expect([model.provider, model.id, Math.abs(ours.costNanoUsd - other) <= room]).toEqual([
        model.provider,
        model.id,
        true,
      ])
    }),
    { numRuns: 20_000, seed: 42 },
  )
  expect(agreed).toBeGreaterThan(15_000)
}, 60_000)

describe('a newer list', () => {
  const old: ListedPrice = { model: 'one', also: ['one-1', 'two-alias'], per_mtok: { input: '1', output: '2' } }
  const mergeOne = (was: readonly ListedPrice[], is: readonly ListedPrice[], today = '2026-06-01') =>
    mergePrices({ a: was }, { a: is }, today)

  test('changes a rate from today on, and keeps what was', () => {
    const is = { model: 'one', also: ['one-2'], per_mtok: { input: '3', output: '2' } }
    const { prices, changes } = mergeOne([old], [is])
    expect(prices['a']).toEqual([
      { model: 'one', also: ['one-2', 'one-1', 'two-alias'], per_mtok: { input: '1', output: '2' } },
      { model: 'one', from: '2026-06-01', per_mtok: { input: '3', output: '2' } },
    ])
    expect(changes).toHaveLength(1)
    // Merging the same list again, on any day, changes nothing.
    const again = mergePrices(prices, { a: [is] }, '2026-07-01')
    expect(again).toEqual({ prices, changes: [], gone: [] })
  })

  test('adds what it dates itself, and what is still to come', () => {
    const dated = { model: 'one', from: '2026-05-01', per_mtok: { input: '3' } }
    const future = { model: 'one', from: '2027-01-01', per_mtok: { input: '4' } }
    const base = { model: 'one', per_mtok: { input: '1', output: '2' } }
    const { prices } = mergeOne([base], [base, dated, future])
    expect(prices['a']).toEqual([base, dated, future])
    expect(mergeOne(prices['a'] ?? [], [base, dated, future], '2026-12-01').changes).toEqual([])
    expect(mergeOne(prices['a'] ?? [], [base, dated, future], '2027-02-01').changes).toEqual([])
  })

  test('adds all changes that came in between', () => {
    const base = { model: 'one', per_mtok: { input: '1' } }
    const first = { model: 'one', from: '2026-04-01', per_mtok: { input: '2' } }
    const second = { model: 'one', from: '2026-05-01', per_mtok: { input: '3' } }
    const { prices } = mergeOne([base], [base, first, second])
    expect(prices['a']).toEqual([base, first, second])
  })

  test('keeps models that it has no more, and gives an id to whom it says', () => {
    const two = { model: 'two', also: ['two-alias'], per_mtok: { input: '5' } }
    const { prices, gone } = mergeOne([old], [two])
    expect(gone).toEqual(['a/one'])
    expect(prices['a']).toEqual([two, { model: 'one', also: ['one-1'], per_mtok: { input: '1', output: '2' } }])
  })

  test('takes prices by the hour together', () => {
    const hours = { model: 'one', hours: '01:00-02:00', per_mtok: { input: '9' } }
    const base = { model: 'one', per_mtok: { input: '1' } }
    const dearer = { model: 'one', hours: '01:00-02:00', per_mtok: { input: '10' } }
    const { prices } = mergeOne([base, hours], [base, dearer])
    expect(prices['a']).toEqual([base, hours, { ...base, from: '2026-06-01' }, { ...dearer, from: '2026-06-01' }])
  })

  test('that is not understood is refused', () => {
    const model = (prices: unknown) => [{ id: 'openai', models: [{ id: 'm', match: { equals: 'm' }, prices }] }]
    expect(() => fromGenAIPrices(model({ input_mtok: -1 }))).toThrow('openai/m input_mtok must be a price, not -1')
    expect(() => fromGenAIPrices(model([{ constraint: { type: 'weekday' }, prices: { input_mtok: 1 } }]))).toThrow(
      'openai/m: unknown constraint',
    )
    expect(() => fromGenAIPrices({})).toThrow('providers must be an array of objects')
  })
})

test('loose matches of the source take snapshots only', () => {
  const model = (match: object) => ({ id: 'claude-sonnet-5', match, prices: { input_mtok: 1, output_mtok: 2 } })
  const providers = [{ id: 'anthropic', models: [model({ starts_with: 'claude-sonnet-5' })] }]
  const list: PriceList = { ...PRICE_LIST, ...fromGenAIPrices(providers) }
  const cost = (id: string) =>
    createPriceBook({ list }).costOf({
      provider: 'anthropic',
      model: id,
      atMs: 0,
      usage: { inputTokens: 1, outputTokens: 1 },
    }).reason
  const snapshots = [
    'claude-sonnet-5',
    'claude-sonnet-5-20270101',
    'claude-sonnet-5@20270101',
    'claude-sonnet-5-latest',
    'claude-sonnet-5-preview-01-31',
  ]
  const others = [
    'claude-sonnet-5-5',
    'claude-sonnet-5.5',
    'claude-sonnet-5-fast',
    'claude-sonnet-55',
    'claude-sonnet-5-5-20270101',
  ]
  expect([...snapshots, ...others].filter((id) => cost(id) === null)).toEqual(snapshots)
})
