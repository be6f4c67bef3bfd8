import {
  type Call,
  createPriceBook,
  type CustomPrice,
  mergeCall,
  priceCall,
  type PriceBook,
  repriceCall,
  type SpanLike,
  toCall,
  toGenAI,
} from '@spanledger/core'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { span } from '../../builders.ts'
import { buildCall } from '../build-call.ts'

const AT = 1_790_000_000_000
const NOTHING = createPriceBook({
  list: { source: 'none', version: '0', generated: '2026-01-01', sha256: '0'.repeat(64), fallbacks: {}, prices: {} },
})

function own(...prices: readonly CustomPrice[]): PriceBook {
  return createPriceBook({ custom: { schema: 1, prices } })
}

/** 1,000 tokens in, 100 out of gpt-5: by the list 1000 × 1,250 + 100 × 10,000 nano-USD. */
const GPT_5 = {
  provider: 'openai',
  model: 'gpt-5',
  request_model: 'gpt-5',
  input_tokens: 1000,
  output_tokens: 100,
  total_tokens: 1100,
  cache_read_tokens: 0,
  usage_source: 'span',
  cost_reason: 'unknown_model',
} as const
const BY_LIST = 2_250_000

describe('a call that is priced again', () => {
  test('gets the list price of its start, and remembers when', () => {
    const call = buildCall(GPT_5)
    expect(repriceCall(call, createPriceBook(), AT)).toEqual({
      ...call,
      cost_nano_usd: BY_LIST,
      cost_source: 'list',
      cost_reason: null,
      price_version: expect.stringMatching(/^list@.*:openai\/gpt-5$/),
      previous_cost_nano_usd: null,
      repriced_at: AT,
    })
  })

  test('gets a custom price before the list, and keeps the cost that it had', () => {
    const listed = repriceCall(buildCall(GPT_5), createPriceBook(), AT)
    const prices = own({ provider: 'openai', model: 'gpt-5', per_mtok: { input: '1', output: '8', cache_read: '0.1' } })
    // 1000 × 1,000 + 100 × 8,000
    expect(repriceCall(listed, prices, AT + 1)).toMatchObject({
      cost_nano_usd: 1_800_000,
      cost_source: 'custom',
      previous_cost_nano_usd: BY_LIST,
      repriced_at: AT + 1,
    })
  })

  test('is the very same object if its money stays', () => {
    const listed = repriceCall(buildCall(GPT_5), createPriceBook(), AT)
    expect(repriceCall(listed, createPriceBook(), AT + 1)).toBe(listed)
    const halved = { provider: 'openai', model: 'gpt-5', discount: '0.5' }
    const before = repriceCall(listed, own(halved), AT)
    expect(before.cost_nano_usd).toBe(BY_LIST / 2)
    // A price of another model makes this another file, and nothing dearer.
    const mine = { provider: 'mine', model: 'm', per_mtok: { input: '1' } }
    expect(repriceCall(before, own(mine, halved), AT + 1)).toBe(before)
  })

  test('loses a cost that no price says any more, with the reason', () => {
    const listed = repriceCall(buildCall(GPT_5), createPriceBook(), AT)
    expect(repriceCall(listed, NOTHING, AT + 1)).toMatchObject({
      cost_nano_usd: null,
      cost_source: null,
      cost_reason: 'unknown_provider',
      price_version: null,
      previous_cost_nano_usd: BY_LIST,
      repriced_at: AT + 1,
    })
  })

  test('keeps the last other cost when only its flags change', () => {
    const estimated = buildCall({
      ...GPT_5,
      cost_nano_usd: BY_LIST,
      cost_source: 'list',
      cost_reason: null,
      cost_flags: ['priced_by_request_model'],
      previous_cost_nano_usd: 7,
    })
    expect(repriceCall(estimated, createPriceBook(), AT)).toMatchObject({
      cost_nano_usd: BY_LIST,
      cost_flags: null,
      previous_cost_nano_usd: 7,
    })
  })

  test('uses what has no column, and the service tier', () => {
    const call = buildCall({
      ...GPT_5,
      cache_read_tokens: 0,
      cache_write_tokens: 400,
      usage_details: { cacheWrite1hTokens: 300, searches: 2 },
      service_tier: 'flex',
    })
    const rates = { input: '1', output: '2', cache_read: '0.1', cache_write: '3', cache_write_1h: '5' }
    const price = { provider: 'openai', model: 'gpt-5', per_mtok: rates, per_unit: { search: '0.01' } }
    expect(priceCall(call, own(price))).toMatchObject({ costNanoUsd: null, reason: 'unpriced_tier' })
    // 600 × 1,000 + 100 × 3,000 + 300 × 5,000 + 100 × 2,000 + 2 × 10,000,000
    expect(priceCall(call, own({ ...price, tier: 'flex' }))).toMatchObject({ costNanoUsd: 22_600_000, flags: [] })
  })

  test('that nobody saw, but in its run, is priced as the model call that it was', () => {
    const run = { kind: 'run', cost_flags: ['root_fallback'] } as const
    expect(priceCall(buildCall({ ...GPT_5, ...run }), createPriceBook())).toMatchObject({
      costNanoUsd: BY_LIST,
      flags: ['root_fallback'],
    })
    // Half of its tokens would be half of its cost.
    expect(priceCall(buildCall({ ...GPT_5, ...run, output_tokens: null }), createPriceBook()).reason).toBe('no_usage')
  })

  test.each([
    ['the answer named', { cost_nano_usd: 5, cost_source: 'provider' }],
    ['somebody reported', { cost_nano_usd: 5, cost_source: 'reported' }],
    ['somebody named without a word', { cost_nano_usd: 5, cost_source: null }],
    ['a run repeats', { kind: 'run', billable: 0 }],
    ['nobody can know', { usage_source: 'none', input_tokens: null, output_tokens: null, cost_reason: 'no_usage' }],
  ] as const)('is left alone where its cost is one that %s', (_, columns) => {
    const call = buildCall({ ...GPT_5, ...columns })
    expect(repriceCall(call, createPriceBook(), AT)).toBe(call)
  })

  test('stays so when the original is delivered again, in any order', () => {
    const original = buildCall(GPT_5)
    const repriced = repriceCall(original, createPriceBook(), AT)
    expect(mergeCall(repriced, original)).toEqual(repriced)
    expect(mergeCall(original, repriced)).toEqual(repriced)
    const unpriced = repriceCall(repriced, NOTHING, AT + 1)
    expect(mergeCall(mergeCall(original, repriced), unpriced)).toEqual(unpriced)
  })
})

describe('pricing again says what converting the span with the same prices says', () => {
  const OWN = own(
    { provider: 'openai', model: 'gpt-5*', per_mtok: { input: '1', output: '8', cache_read: '0.1' } },
    { provider: 'openai', model: 'gpt-5', tier: 'flex', discount: '0.5' },
    { provider: 'mine', model: '*', per_mtok: { input: '3', output: '4', cache_read: '0.3', reasoning: '5' } },
    { provider: 'anthropic', model: 'claude-sonnet-4-5', discount: '0.9' },
  )
  // Where a span hides cached tokens, a price that has none for them leaves no trace of it; these all have the same ones.
  const BOOKS = [NOTHING, createPriceBook(), OWN]

  const count = fc.constantFrom(0, 1, 77, 1000, 250_000)
  const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 2 })
  const model = fc.constantFrom('gpt-5', 'gpt-5-mini-2025-08-07', 'claude-sonnet-4-5', 'x')

  const provider = fc.constantFrom('openai', 'anthropic', 'mine', 'azure', 'nobody')

  // As any instrumentation writes it that follows the conventions.
  const genAI = {
    'gen_ai.operation.name': fc.constant('chat'),
    'gen_ai.provider.name': optional(provider),
    'gen_ai.request.model': optional(model),
    'gen_ai.response.model': optional(model),
    'gen_ai.usage.input_tokens': optional(count),
    'gen_ai.usage.output_tokens': optional(count),
    'gen_ai.usage.cache_read.input_tokens': optional(count),
    'gen_ai.usage.cache_creation.input_tokens': optional(count),
    'gen_ai.usage.reasoning.output_tokens': optional(count),
  }
  const details = fc.constantFrom('{"searches":1}', '{"cacheWrite1hTokens":1}', '{"inputAudioTokens":5,"x":1}')
  const tier = fc.constantFrom('flex', 'default', 'priority')
  const metadata = fc
    .record({ tier: optional(tier), read: optional(count), cacheWrite: optional(count), searches: optional(count) })
    .map(({ tier: serviceTier, read: cachedPromptTokens, cacheWrite, searches }) =>
      JSON.stringify({
        openai: { serviceTier, cachedPromptTokens },
        anthropic: {
          usage: {
            input_tokens: 1000,
            cache_read_input_tokens: cachedPromptTokens,
            cache_creation_input_tokens: cacheWrite,
            cache_creation: { ephemeral_1h_input_tokens: cacheWrite },
            server_tool_use: { web_search_requests: searches },
          },
        },
      }),
    )

  const SPANS = {
    'some-instrumentation': fc.record({
      ...genAI,
      'spanledger.service_tier': optional(tier),
      'spanledger.usage_details': optional(details),
    }),
    // AI SDK 7.
    gen_ai: fc.record({
      ...genAI,
      'gen_ai.output.type': optional(fc.constantFrom('json', 'text')),
      'ai.response.providerMetadata': optional(metadata),
    }),
    // AI SDK 4 to 6.
    ai: fc.record({
      'ai.operationId': fc.constantFrom('ai.generateText.doGenerate', 'ai.generateObject.doGenerate'),
      'ai.model.provider': optional(fc.constantFrom('openai.chat', 'anthropic.messages', 'mine.chat', 'nobody')),
      'ai.model.id': optional(model),
      'ai.response.model': optional(model),
      'ai.usage.inputTokens': optional(count),
      'ai.usage.promptTokens': optional(count),
      'ai.usage.outputTokens': optional(count),
      'ai.usage.cachedInputTokens': optional(count),
      'ai.usage.inputTokenDetails.cacheReadTokens': optional(count),
      'ai.response.providerMetadata': optional(metadata),
    }),
  } as const

  function spanOf(scope: string, attributes: Readonly<Record<string, unknown>>): SpanLike {
    const known = Object.entries(attributes).filter(([, value]) => value !== undefined)
    return span(Object.fromEntries(known), { scope, kind: 2 })
  }

  function rowOf(from: SpanLike, prices: PriceBook): Call {
    const call = toCall(toGenAI(from, { prices }))
    if (call === undefined) throw new Error('The span is no call')
    return call
  }

  const money = (call: Call) => ({
    cost: call.cost_nano_usd,
    source: call.cost_source,
    reason: call.cost_reason,
    version: call.price_version,
  })
  const flags = (call: Call) => call.cost_flags ?? []
  const estimates = (call: Call) => (call.cost_nano_usd === null ? null : [...new Set(flags(call))].toSorted(byText))
  // What an AI SDK span hides stays flagged, also by prices to which it makes no difference.
  const hiddenBy = (row: Call) => (row.sdk === 'ai' && flags(row).includes('cache_unknown') ? ['cache_unknown'] : [])

  test.each(['some-instrumentation', 'ai', 'gen_ai'] as const)('of scope %s', (scope) => {
    const book = fc.constantFrom(...BOOKS)
    const property = fc.property(SPANS[scope], book, book, (attributes, first, second) => {
      const from = spanOf(scope, attributes)
      const row = rowOf(from, first)
      const expected = rowOf(from, second)
      const repriced = repriceCall(row, second, AT)
      const version = repriced === row ? expected.price_version : repriced.price_version
      expect({ ...money(repriced), version }).toEqual(money(expected))
      expect(estimates(repriced)).toEqual(
        estimates({ ...expected, cost_flags: [...hiddenBy(row), ...flags(expected)] }),
      )
      expect(repriceCall(repriced, second, AT + 1)).toBe(repriced)
    })
    fc.assert(property, { numRuns: 3000 })
  })
})

function byText(a: string, b: string): number {
  return a < b ? -1 : 1
}
