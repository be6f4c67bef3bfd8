import { type Call, mergeCall, toCallLine } from '@spanledger/core'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyCall, FEW } from '../any-call.ts'
import { buildCall, buildContent } from '../build-call.ts'

const RUNS = { numRuns: 2000 }

// Lines, not objects: two stores hold the same bytes, whatever came first.
function merged(...versions: readonly Call[]): string {
  return toCallLine(versions.reduce((a, b) => mergeCall(a, b)))
}

describe('the laws', () => {
  const version = anyCall(FEW)

  test('the order of two versions does not matter', () => {
    const property = fc.property(version, version, (a, b) => {
      expect(merged(a, b)).toBe(merged(b, a))
    })
    fc.assert(property, RUNS)
  })

  test('the grouping of three versions does not matter', () => {
    const property = fc.property(version, version, version, (a, b, c) => {
      expect(merged(mergeCall(a, b), c)).toBe(merged(a, mergeCall(b, c)))
    })
    fc.assert(property, RUNS)
  })

  test('a version joined with itself stays as it is', () => {
    const property = fc.property(version, (a) => {
      expect(merged(a, a)).toBe(toCallLine(a))
    })
    fc.assert(property, RUNS)
  })

  test('versions delivered any number of times in any order give one call', () => {
    const deliveries = fc.array(version, { minLength: 1, maxLength: 5 }).chain((versions) =>
      fc.record({
        versions: fc.constant(versions),
        shuffled: fc.shuffledSubarray(versions, { minLength: versions.length }),
        repeats: fc.shuffledSubarray(versions),
      }),
    )
    const property = fc.property(deliveries, ({ versions, shuffled, repeats }) => {
      expect(merged(...repeats, ...shuffled, ...repeats)).toBe(merged(...versions))
    })
    fc.assert(property, RUNS)
  })
})

describe('what is kept', () => {
  test('what is known beats NULL, whichever version knows it', () => {
    const a = buildCall({ user_id: 'ada', model: null, response_id: 'r1', input_tokens: null })
    const b = buildCall({ user_id: null, model: 'gpt-5', response_id: null, operation: 'chat' })
    expect(mergeCall(a, b)).toEqual(
      buildCall({ user_id: 'ada', model: 'gpt-5', response_id: 'r1', operation: 'chat', input_tokens: null }),
    )
  })

  test('an ended version beats one that was given up, and takes its error away', () => {
    const crashed = buildCall({ status: 'crashed', ended_at: 9000, error_type: 'crash', error_message: 'process died' })
    const ended = buildCall({ status: 'ok', ended_at: 5000, duration_ms: 12.5 })
    expect(mergeCall(crashed, ended)).toEqual(ended)
  })

  test('the later end wins between two ended versions', () => {
    const early = buildCall({ status: 'ok', ended_at: 5000, duration_ms: 100 })
    const late = buildCall({ status: 'error', ended_at: 6000, duration_ms: 50, error_message: 'reset' })
    expect(mergeCall(early, late)).toEqual(late)
  })

  test('the model that answered beats the one that was asked for', () => {
    const asked = buildCall({ status: 'open', model: 'openrouter/auto', request_model: 'openrouter/auto' })
    const answered = buildCall({ model: 'claude-opus', request_model: 'openrouter/auto' })
    expect(mergeCall(asked, answered)).toEqual(answered)
  })

  test('tokens and money come from one version, the one with the better source', () => {
    const span = buildCall({
      usage_source: 'span',
      input_tokens: 900,
      output_tokens: 900,
      total_tokens: 1800,
      cost_nano_usd: 5000,
      cost_source: 'list',
      cost_flags: ['cache_unknown'],
    })
    const metadata = buildCall({
      usage_source: 'provider_metadata',
      input_tokens: 100,
      cache_read_tokens: 80,
      cost_nano_usd: null,
      cost_reason: 'unknown_model',
    })
    expect(mergeCall(span, metadata)).toEqual(metadata)
  })

  test('a re-priced cost outlives a redelivery of the original', () => {
    const usage = { usage_source: 'span', input_tokens: 10, output_tokens: 5, total_tokens: 15 } as const
    const original = buildCall({ ...usage, cost_nano_usd: 900, cost_source: 'list', price_version: 'v1' })
    const repriced = buildCall({
      ...usage,
      cost_nano_usd: 100,
      cost_source: 'list',
      price_version: 'v2',
      previous_cost_nano_usd: 900,
      repriced_at: 7000,
    })
    expect(mergeCall(repriced, original)).toEqual(repriced)
  })

  test("the answer's own cost beats a re-priced one", () => {
    const own = buildCall({ cost_nano_usd: 700, cost_source: 'provider' })
    const repriced = buildCall({ cost_nano_usd: 900, cost_source: 'list', repriced_at: 7000 })
    expect(mergeCall(repriced, own)).toEqual(own)
  })

  test('whoever saw more of the trace names the run', () => {
    const alone = buildCall({ run_id: 'b7ad6b7169203331', parent_span_id: 'ffffffffffffffff' })
    const inRun = buildCall({ run_id: '00f067aa0ba902b7', parent_span_id: '53995c3f42cd8ad8' })
    expect(mergeCall(alone, inRun)).toEqual(inRun)
  })

  test('tags are united and metadata is joined key by key', () => {
    const a = buildCall({ tags: ['beta', 'eu'], metadata: { plan: 'pro', seats: 3 } })
    const b = buildCall({ tags: ['alpha', 'beta'], metadata: { region: 'eu', plan: null } })
    expect(mergeCall(a, b)).toEqual(
      buildCall({ tags: ['alpha', 'beta', 'eu'], metadata: { plan: 'pro', region: 'eu', seats: 3 } }),
    )
  })

  test('the content that was cut less is kept, part by part', () => {
    const a = buildCall({ content: buildContent({ question: 'What is…', lengths: { question: 40 } }) })
    const b = buildCall({
      content: buildContent({ question: 'What is the time?', answer: 'Noon', lengths: { answer: 4 } }),
    })
    expect(mergeCall(a, b).content).toEqual(
      buildContent({ question: 'What is the time?', answer: 'Noon', lengths: { answer: 4, question: 40 } }),
    )
  })

  test('a metadata key "__proto__" stays a key', () => {
    const hostile = JSON.parse('{"__proto__":{"admin":true}}')
    const joined = mergeCall(buildCall({ metadata: hostile }), buildCall({ metadata: { plan: 'pro' } })).metadata
    expect(JSON.stringify(joined)).toBe('{"__proto__":{"admin":true},"plan":"pro"}')
    expect(Object.getPrototypeOf(joined)).toBe(Object.prototype)
  })

  test('versions of different calls are refused', () => {
    expect(() => mergeCall(buildCall(), buildCall({ span_id: '00f067aa0ba902b7' }))).toThrow(
      'Calls 0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331 and 0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7 are not versions of one call',
    )
  })
})
