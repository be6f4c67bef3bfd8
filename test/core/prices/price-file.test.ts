import { createPriceBook, type CustomPrice, nameOfPath, type PriceFile, toPriceFile } from '@spanledger/core'
import { PRICE_FILE_SCHEMA } from '@spanledger/core/prices'
import { describe, expect, test } from 'vitest'

const NOVEMBER = Date.UTC(2026, 10, 1)

function file(...prices: readonly CustomPrice[]): PriceFile {
  return { schema: 1, prices }
}

/** What 1,000 tokens of input cost, in nano-USD, at custom prices. */
function inputCost(
  prices: PriceFile | readonly PriceFile[],
  model: string,
  options: { provider?: string; atMs?: number } = {},
) {
  const { provider = 'openai', atMs = NOVEMBER } = options
  const usage = { inputTokens: 1000, outputTokens: 0 }
  return createPriceBook({ custom: prices }).costOf({ provider, model, atMs, usage, kind: 'model' }).costNanoUsd
}

/** A price at which 1,000 tokens cost this many nano-USD. */
function at(nanoUsd: number, rest: Omit<CustomPrice, 'provider' | 'per_mtok'>): CustomPrice {
  return { provider: 'openai', per_mtok: { input: `0.${String(nanoUsd).padStart(6, '0')}` }, ...rest }
}

describe('patterns', () => {
  test.each([
    [
      'gpt-5*',
      ['gpt-5', 'gpt-5-mini', 'gpt-5-2025-08-07', 'gpt-5-chat-latest', 'GPT-5-Codex'],
      ['gpt-5.1', 'gpt-5.1-mini', 'gpt-51', 'gpt-5-1', 'gpt-4o'],
    ],
    [
      'claude-sonnet-4*',
      ['claude-sonnet-4-20250514', 'claude-sonnet-4@20250514'],
      ['claude-sonnet-4-5', 'claude-sonnet-4-5-20250929', 'claude-sonnet-4.5'],
    ],
    ['gpt-4o*', ['gpt-4o', 'gpt-4o-mini', 'gpt-4o-2024-08-06'], ['gpt-4.1', 'chatgpt-4o']],
    ['*-mini', ['gpt-5-mini', 'o3-mini'], ['gpt-5-mini-2025', 'mini']],
    ['*4.1*', ['gpt-4.1', 'gpt-4.1-nano'], ['gpt-14.1', 'gpt-4.15', 'gpt-3.4.1']],
    ['kimi-k2*', ['kimi-k2', 'kimi-k2-turbo-preview'], ['kimi-k2.5', 'kimi-k2p6']],
    ['*', ['anything at all', 'gpt-5.1'], []],
    ['gpt-5', ['gpt-5', 'GPT-5'], ['gpt-5-mini', 'gpt-5-2025-08-07']],
    ['a*b*c', ['abc', 'axxbxxc', 'abbc'], ['acb', 'ab', 'xabc']],
  ])('%s', (model, matching, others) => {
    const prices = file({ provider: 'mine', model, per_mtok: { input: '1' } })
    const priced = [...matching, ...others].filter((id) => inputCost(prices, id, { provider: 'mine' }) !== null)
    expect(priced).toEqual(matching)
  })

  test('of Bedrock match with and without the region and the path', () => {
    const prices = file({ provider: 'bedrock', model: 'anthropic.claude-sonnet-4-5*', per_mtok: { input: '1' } })
    const model = 'anthropic.claude-sonnet-4-5-20250929-v1:0'
    for (const id of [model, `us.${model}`, `arn:aws:bedrock:us-east-1:1:inference-profile/eu.${model}`]) {
      expect(inputCost(prices, id, { provider: 'amazon-bedrock' })).toBe(1_000_000)
    }
  })

  test('of endless stars do not take forever', () => {
    const prices = file({ provider: 'mine', model: `${'*a'.repeat(100)}*b`, per_mtok: { input: '1' } })
    expect(inputCost(prices, 'a'.repeat(500), { provider: 'mine' })).toBe(null)
  })
})

describe('which price', () => {
  test('an exact id goes before a pattern, a longer pattern before a shorter one', () => {
    const prices = file(
      at(1, { model: '*' }),
      at(2, { model: 'gpt-5*' }),
      at(3, { model: 'gpt-5-mini*' }),
      at(4, { model: 'gpt-5-mini' }),
    )
    expect(['gpt-4o', 'gpt-5', 'gpt-5-mini-2025-08-07', 'gpt-5-mini'].map((id) => inputCost(prices, id))).toEqual([
      1, 2, 3, 4,
    ])
  })

  test('the later price from its first day on, in UTC, until the day it ends', () => {
    const prices = file(
      at(1, { model: 'gpt-5' }),
      at(2, { model: 'gpt-5', from: '2026-01-01', to: '2026-03-01' }),
      at(3, { model: 'gpt-5', from: '2026-02-01', to: null }),
    )
    const days = [
      '2025-12-31T23:59:59.999Z',
      '2026-01-01T00:00:00Z',
      '2026-01-31T23:59:59.999Z',
      '2026-02-01T00:00:00Z',
    ]
    expect(days.map((day) => inputCost(prices, 'gpt-5', { atMs: Date.parse(day) }))).toEqual([1, 2, 2, 3])
  })

  test('the list where none of your own holds', () => {
    const prices = file(at(1, { model: 'gpt-5', from: '2027-01-01' }), at(2, { model: 'gpt-4.1', to: '2026-01-01' }))
    expect(['gpt-5', 'gpt-4.1'].map((id) => inputCost(prices, id))).toEqual([1_250_000, 2_000_000])
  })

  test('an earlier file before a later one', () => {
    expect(inputCost([file(at(1, { model: '*' })), file(at(2, { model: 'gpt-5' }))], 'gpt-5')).toBe(1)
  })

  test('an alias costs what the other model costs, at the time of the call', () => {
    const prices = file({ provider: 'azure', model: 'my-o3', alias_of: 'openai/o3' })
    const usage = { inputTokens: 1000, outputTokens: 100 }
    const book = createPriceBook({ custom: prices })
    const cost = (atMs: number) => book.costOf({ provider: 'azure.chat', model: 'my-o3', atMs, usage })
    expect(cost(Date.UTC(2025, 0, 1))).toMatchObject({ costNanoUsd: 14_000_000, source: 'custom' })
    expect(cost(NOVEMBER)).toMatchObject({ costNanoUsd: 2_800_000, source: 'custom' })
  })

  test('a deployment is found by what was asked for', () => {
    const custom = file({ provider: 'azure', model: 'my-gpt4o-prod', alias_of: 'openai/gpt-4o', discount: '0.9' })
    const call = { provider: 'azure.chat', model: 'gpt-4o-2024-11-20', requestModel: 'my-gpt4o-prod', atMs: NOVEMBER }
    const cost = createPriceBook({ custom }).costOf({ ...call, usage: { inputTokens: 1000, outputTokens: 100 } })
    expect(cost).toMatchObject({ costNanoUsd: 3_150_000, source: 'custom', flags: [] })
  })

  test('an alias of an alias takes both discounts; a circle has no price', () => {
    const chain = file(
      { provider: 'mine', model: 'a', alias_of: 'mine/b', discount: '0.5' },
      { provider: 'mine', model: 'b', alias_of: 'openai/gpt-5', discount: '0.8' },
    )
    expect(inputCost(chain, 'a', { provider: 'mine' })).toBe(500_000)
    const circle = file(
      { provider: 'mine', model: 'a', alias_of: 'mine/b' },
      { provider: 'mine', model: 'b', alias_of: 'mine/a' },
    )
    expect(inputCost(circle, 'a', { provider: 'mine' })).toBe(null)
  })

  test('long input at its own prices, the rest as before', () => {
    const custom = file({
      provider: 'mine',
      model: 'm',
      per_mtok: { input: '1', cache_read: '0.1', output: '2' },
      above: [
        { input_gt: 2000, per_mtok: { input: '4' } },
        { input_gt: 1000, per_mtok: { input: '2', output: '3' } },
      ],
    })
    const book = createPriceBook({ custom })
    const cost = (inputTokens: number) =>
      book.costOf({
        provider: 'mine',
        model: 'm',
        atMs: 0,
        usage: { inputTokens, outputTokens: 100, cacheReadTokens: 500 },
      }).costNanoUsd
    // 500 × 1000 + 500 × 100 + 100 × 2000; 501 × 2000 + 500 × 100 + 100 × 3000; 1501 × 4000 + 500 × 100 + 100 × 3000
    expect([cost(1000), cost(1001), cost(2001)]).toEqual([750_000, 1_352_000, 6_354_000])
  })

  test('prices by the piece', () => {
    const per_unit = { request: '0.006', search: '0.01', image: '0.04', character: '0.000015', minute: '0.006' }
    const book = createPriceBook({ custom: file({ provider: 'mine', model: 'm', per_unit }) })
    const cost = (usage: object) => book.costOf({ provider: 'mine', model: 'm', atMs: 0, usage }).costNanoUsd
    expect(cost({ images: 2 })).toBe(86_000_000)
    expect(cost({ characters: 1000 })).toBe(21_000_000)
    expect(cost({ seconds: 30 })).toBe(9_000_000)
    expect(cost({ searches: 3, requests: 2 })).toBe(42_000_000)
  })

  test('a price by the request alone needs no usage', () => {
    const book = createPriceBook({ custom: file({ provider: 'mine', model: 'm', per_unit: { request: '0.006' } }) })
    for (const usage of [{}, { inputTokens: 10, outputTokens: 10 }]) {
      expect(book.costOf({ provider: 'mine', model: 'm', atMs: 0, usage }).costNanoUsd).toBe(6_000_000)
    }
  })

  test('a price of nothing is nothing', () => {
    const custom = file({ provider: 'ollama', model: '*', per_mtok: { input: '0', output: '0' } })
    const book = createPriceBook({ custom })
    for (const usage of [{ inputTokens: 10, outputTokens: 5 }, {}]) {
      expect(book.costOf({ provider: 'ollama.chat', model: 'llama3.3', atMs: 0, usage })).toMatchObject({
        costNanoUsd: 0,
        source: 'custom',
      })
    }
  })
})

describe('a file', () => {
  const lines = (...prices: readonly string[]): string =>
    `{\n  "schema": 1,\n  "prices": [\n    ${prices.join(',\n    ')}\n  ]\n}\n`
  const good = '{ "provider": "openai", "model": "gpt-5", "per_mtok": { "input": "1" } }'

  test('as in the documentation', () => {
    const text = lines(
      '{ "provider": "azure", "model": "my-gpt4o-prod", "alias_of": "openai/gpt-4o-2024-11-20" }',
      `{ "provider": "openai", "model": "gpt-5*", "from": "2026-01-01", "to": null, "tier": "flex",
        "per_mtok": { "input": "0.625", "cache_read": "0.0625", "output": "5" },
        "above": [{ "input_gt": 272000, "per_mtok": { "input": "1.25", "output": "7.5" } }],
        "per_unit": { "request": "0.006" }, "discount": "0.85" }`,
    )
    expect(toPriceFile(JSON.parse(text))).toEqual(JSON.parse(text))
  })

  test.each([
    [lines('{ "provider": "a", "model": "b", "per_mtok": { "input": "-1" } }'), '"-1" is not a decimal'],
    [lines('{ "provider": "a", "model": "b", "per_mtok": { "input": "1e-3" } }'), '"1e-3" is not a decimal'],
    [lines('{ "provider": "a", "model": "b", "per_mtok": {} }'), 'prices[0].per_mtok: has no price'],
    [lines('{ "provider": "a", "model": "b" }'), 'prices[0]: no price; write per_mtok, per_unit, alias_of or discount'],
    [lines('{ "provider": "a", "model": "" }'), 'prices[0].model: "" is not a name'],
    [lines('{ "model": "b" }'), 'prices[0].provider: undefined is not a name'],
    [
      lines('{ "provider": "a", "model": "b", "per_unit": { "second": "1", "hour": "2" } }'),
      'prices[0].per_unit: time is priced twice; keep only one of second, hour',
    ],
    [lines(good.replace('"model"', '"from": "2026-02-30", "model"')), 'prices[0].from: "2026-02-30" is not a day'],
    [
      lines(good.replace('"model"', '"from": "2026-02-01", "to": "2026-02-01", "model"')),
      'prices[0].to: "2026-02-01" is not after from',
    ],
    [
      lines(good.replace('"model"', '"alias_of": "a/b", "model"')),
      'prices[0].alias_of: a model has either an alias or prices of its own',
    ],
    [lines('{ "provider": "a", "model": "b", "alias_of": "gpt-5" }'), 'prices[0].alias_of: write provider/model'],
    [
      lines(good.replace('} }', '}, "above": [{ "input_gt": 1.5, "per_mtok": { "input": "1" } }] }')),
      'prices[0].above[0].input_gt: 1.5 is not a number of tokens',
    ],
    [
      lines(good, good.replace('"openai"', '"openai.chat"').replace('gpt-5', 'GPT-5')),
      'prices[1]: matches as well as prices[0]',
    ],
    [
      lines(good.replace('gpt-5', 'gpt-5*'), good.replace('gpt-5', '*-mini')),
      'prices[1]: matches as well as prices[0] ("gpt-5*")',
    ],
  ])('%s: %s', (text, message) => {
    expect(() => toPriceFile(JSON.parse(text))).toThrow(message)
  })

  test('may hold patterns of one length that never meet, and one model in several tiers and times', () => {
    const prices = [
      good.replace('gpt-5', 'gpt-5*'),
      good.replace('gpt-5', 'gpt-4*'),
      good,
      good.replace('"model"', '"tier": "flex", "model"'),
      good.replace('"model"', '"from": "2026-01-01", "model"'),
    ]
    expect(toPriceFile(JSON.parse(lines(...prices))).prices).toHaveLength(5)
  })

  test('that comes as a value is checked too, and a book checks what it is given', () => {
    const wrong = { schema: 1, prices: [{ provider: 'a', model: 'b', per_mtok: { input: 1n } }] }
    const message = 'prices: prices[0].per_mtok.input: 1 is not a decimal'
    expect(() => toPriceFile(wrong)).toThrow(message)
    // A caller without types.
    expect(() => createPriceBook({ custom: wrong as unknown as PriceFile })).toThrow(message)
  })

  test('is refused with the place and the problem as parts of their own', () => {
    const problem = '1 is not a decimal; write it as a string such as "0.25"'
    const path = ['prices', 0, 'per_mtok', 'input']
    const wrong = { schema: 1, prices: [{ provider: 'a', model: 'b', per_mtok: { input: 1 } }] }
    expect(() => toPriceFile(wrong)).toThrow(expect.objectContaining({ name: 'PriceError', path, problem }))
    expect(nameOfPath(path)).toBe('prices[0].per_mtok.input')
  })

  test('has a schema that names every field', () => {
    const fields = Object.keys(PRICE_FILE_SCHEMA.properties.prices.items.properties)
    expect(() => toPriceFile(JSON.parse(lines('{ "nothing": 1 }')))).toThrow(
      fields.toSorted((a, b) => a.localeCompare(b))[0],
    )
    expect(fields.toSorted()).toEqual([
      'above',
      'alias_of',
      'discount',
      'from',
      'model',
      'per_mtok',
      'per_unit',
      'provider',
      'tier',
      'to',
    ])
  })
})
