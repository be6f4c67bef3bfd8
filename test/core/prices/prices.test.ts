import { readFile } from 'node:fs/promises'
import { type Cost, createPriceBook, type PriceFile, type PriceQuery, type Usage } from '@spanledger/core'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

/** Dollars per million tokens as the provider publishes them. */
interface Fixture {
  readonly provider: string
  readonly model: string
  readonly at?: string
  readonly input: string
  readonly output?: string
  readonly cacheRead?: string
  readonly cacheWrite?: string
  readonly cacheWrite1h?: string
}

const fixtures = JSON.parse(
  await readFile(new URL('price-fixtures.json', import.meta.url), 'utf8'),
) as readonly Fixture[]
const book = createPriceBook()
const NOVEMBER = Date.UTC(2026, 10, 1, 12)

interface CallOptions extends Partial<PriceQuery> {
  readonly custom?: PriceFile['prices']
}

function price(provider: string, model: string, { custom, ...query }: CallOptions = {}): Cost {
  const prices = custom === undefined ? book : createPriceBook({ custom: { schema: 1, prices: custom } })
  const usage: Usage = { inputTokens: 1000, outputTokens: 100 }
  return prices.costOf({ provider, model, atMs: NOVEMBER, usage, kind: 'model', ...query })
}

function nanoUsd(provider: string, model: string, options?: CallOptions): number | string | null {
  const cost = price(provider, model, options)
  return cost.costNanoUsd ?? cost.reason
}

// 100,000 tokens at 1 dollar per million are 0.1 dollars; below every long-input tier.
const TOKENS = 100_000
const nanoOf = (dollarsPerMillion: string | undefined): number => Math.round(Number(dollarsPerMillion ?? 0) * 1e8)

describe('ids as the AI SDK reports them', () => {
  test('there are enough of them', () => {
    expect(fixtures.length).toBeGreaterThanOrEqual(60)
  })

  test.each(fixtures)('$provider $model has the published price', (fixture) => {
    const atMs = fixture.at === undefined ? NOVEMBER : Date.parse(`${fixture.at}T12:00:00Z`)
    const kind = fixture.output === undefined ? 'embedding' : 'model'
    const costOf = (usage: Usage): number | string | null =>
      nanoUsd(fixture.provider, fixture.model, { usage, atMs, kind })
    const answered = fixture.output === undefined ? {} : { outputTokens: 0 }
    const input = { inputTokens: TOKENS, ...answered }
    expect({
      input: costOf(input),
      ...(fixture.output === undefined ? {} : { output: costOf({ inputTokens: 0, outputTokens: TOKENS }) }),
      ...(fixture.cacheRead === undefined ? {} : { cacheRead: costOf({ ...input, cacheReadTokens: TOKENS }) }),
      ...(fixture.cacheWrite === undefined
        ? {}
        : { cacheWrite: costOf({ ...input, cacheWriteTokens: TOKENS, cacheWrite1hTokens: 0 }) }),
      ...(fixture.cacheWrite1h === undefined
        ? {}
        : { cacheWrite1h: costOf({ ...input, cacheWriteTokens: TOKENS, cacheWrite1hTokens: TOKENS }) }),
    }).toEqual(
      Object.fromEntries(
        (['input', 'output', 'cacheRead', 'cacheWrite', 'cacheWrite1h'] as const).flatMap((name) =>
          fixture[name] === undefined ? [] : [[name, nanoOf(fixture[name])]],
        ),
      ),
    )
  })
})

describe('calls calculated by hand, in nano-USD', () => {
  test('cached input and reasoning of gpt-5', () => {
    const usage = { inputTokens: 1000, outputTokens: 500, cacheReadTokens: 400, reasoningTokens: 200 }
    // 600 × 1250 + 400 × 125 + 500 × 10000
    expect(nanoUsd('openai.responses', 'gpt-5-2025-08-07', { usage })).toBe(5_800_000)
  })

  test('five-minute cache writes of Claude', () => {
    const usage = {
      inputTokens: 100,
      outputTokens: 40,
      cacheReadTokens: 30,
      cacheWriteTokens: 20,
      cacheWrite1hTokens: 0,
    }
    // 50 × 3000 + 30 × 300 + 20 × 3750 + 40 × 15000
    expect(price('anthropic.messages', 'claude-sonnet-4-5-20250929', { usage })).toMatchObject({
      costNanoUsd: 834_000,
      flags: [],
    })
  })

  test('one-hour cache writes of Claude', () => {
    const usage = {
      inputTokens: 100,
      outputTokens: 40,
      cacheReadTokens: 30,
      cacheWriteTokens: 20,
      cacheWrite1hTokens: 15,
    }
    // 50 × 3000 + 30 × 300 + 5 × 3750 + 15 × 6000 + 40 × 15000
    expect(nanoUsd('anthropic.messages', 'claude-sonnet-4-5-20250929', { usage })).toBe(867_750)
  })

  test('cache writes of unknown length count as five minutes, and say so', () => {
    const usage = { inputTokens: 100, outputTokens: 40, cacheWriteTokens: 20 }
    // 80 × 3000 + 20 × 3750 + 40 × 15000
    expect(price('anthropic.messages', 'claude-sonnet-4-5-20250929', { usage })).toMatchObject({
      costNanoUsd: 915_000,
      flags: ['assumed_5m'],
    })
  })

  test('200,000 tokens of Gemini 2.5 Pro are still at the lower price', () => {
    const usage = { inputTokens: 200_000, outputTokens: 1000, cacheReadTokens: 100_000 }
    // 100000 × 1250 + 100000 × 125 + 1000 × 10000
    expect(nanoUsd('google.generative-ai', 'gemini-2.5-pro', { usage })).toBe(147_500_000)
  })

  test('one more raises the price of every token, output included', () => {
    const usage = { inputTokens: 200_001, outputTokens: 1000, cacheReadTokens: 100_000 }
    // 100001 × 2500 + 100000 × 250 + 1000 × 15000
    expect(nanoUsd('google.generative-ai', 'gemini-2.5-pro', { usage })).toBe(290_002_500)
  })

  test('the price at the start of the call: o3 before and from 10 June 2025', () => {
    const before = Date.parse('2025-06-09T23:59:59.999Z')
    // 1000 × 10000 + 100 × 40000, then 1000 × 2000 + 100 × 8000
    expect(nanoUsd('openai.responses', 'o3', { atMs: before })).toBe(14_000_000)
    expect(nanoUsd('openai.responses', 'o3', { atMs: before + 1 })).toBe(2_800_000)
  })

  test('a price that is still to come', () => {
    // 1000 × 750 + 100 × 3750, then twice that
    expect(nanoUsd('google.generative-ai', 'gemini-3.6-flash', { atMs: Date.UTC(2026, 11, 31) })).toBe(1_125_000)
    expect(nanoUsd('google.generative-ai', 'gemini-3.6-flash', { atMs: Date.UTC(2027, 0, 1) })).toBe(2_250_000)
  })

  test('a price by the hour of the day, across midnight', () => {
    // off peak 1000 × 135 + 100 × 550, from 00:30 to 16:30 UTC 1000 × 270 + 100 × 1100
    const at = (time: string): number => Date.parse(`2025-06-01T${time}Z`)
    expect(nanoUsd('deepseek.chat', 'deepseek-chat', { atMs: at('00:29:59') })).toBe(190_000)
    expect(nanoUsd('deepseek.chat', 'deepseek-chat', { atMs: at('00:30:00') })).toBe(380_000)
    expect(nanoUsd('deepseek.chat', 'deepseek-chat', { atMs: at('16:29:59') })).toBe(380_000)
    expect(nanoUsd('deepseek.chat', 'deepseek-chat', { atMs: at('16:30:00') })).toBe(190_000)
  })

  test('Bedrock takes a tenth more in a region than globally', () => {
    const usage = { inputTokens: 1000, outputTokens: 100, cacheReadTokens: 0 }
    const model = 'anthropic.claude-sonnet-4-5-20250929-v1:0'
    // 1000 × 3300 + 100 × 16500; 1000 × 3000 + 100 × 15000
    expect(nanoUsd('amazon-bedrock', `us.${model}`, { usage })).toBe(4_950_000)
    expect(nanoUsd('amazon-bedrock', model, { usage })).toBe(4_950_000)
    expect(nanoUsd('amazon-bedrock', `global.${model}`, { usage })).toBe(4_500_000)
  })

  test('flex, from a custom price', () => {
    const custom = [
      {
        provider: 'openai',
        model: 'gpt-5*',
        tier: 'flex',
        per_mtok: { input: '0.625', cache_read: '0.0625', output: '5' },
      },
    ]
    const usage = { inputTokens: 1000, outputTokens: 500, cacheReadTokens: 400 }
    // 600 × 625 + 400 × 62.5 + 500 × 5000
    expect(price('openai.responses', 'gpt-5-2025-08-07', { usage, serviceTier: 'flex', custom })).toMatchObject({
      costNanoUsd: 2_900_000,
      source: 'custom',
    })
  })

  test('priority, as a factor on the list price', () => {
    const custom = [{ provider: 'openai', model: 'gpt-5', tier: 'priority', alias_of: 'openai/gpt-5', discount: '2' }]
    // 2 × (1000 × 1250 + 100 × 10000)
    expect(nanoUsd('openai.responses', 'gpt-5', { serviceTier: 'priority', custom })).toBe(4_500_000)
  })

  test('audio in, cached audio, and audio out', () => {
    const usage = {
      inputTokens: 1000,
      outputTokens: 200,
      cacheReadTokens: 300,
      inputAudioTokens: 600,
      cacheReadAudioTokens: 200,
      outputAudioTokens: 150,
    }
    // text 300 × 5000, cached text 100 × 2500, audio 400 × 40000, cached audio 200 × 2500, out 50 × 20000 + 150 × 80000
    expect(nanoUsd('openai.chat', 'gpt-4o-realtime-preview-2024-12-17', { usage })).toBe(31_250_000)
  })

  test('audio of Gemini 2.5 Pro costs what text costs, that of Flash has its own price', () => {
    const usage = { inputTokens: 1000, outputTokens: 100, inputAudioTokens: 800 }
    // 1000 × 1250 + 100 × 10000; 200 × 300 + 800 × 1000 + 100 × 2500
    expect(nanoUsd('google.generative-ai', 'gemini-2.5-pro', { usage })).toBe(2_250_000)
    expect(nanoUsd('google.generative-ai', 'gemini-2.5-flash', { usage })).toBe(1_110_000)
  })

  test('web searches come on top', () => {
    const usage = { inputTokens: 1000, outputTokens: 100, searches: 3 }
    // 1000 × 3000 + 100 × 15000 + 3 × 10000000
    expect(nanoUsd('anthropic.messages', 'claude-sonnet-4-20250514', { usage })).toBe(34_500_000)
  })

  test('a fee per request comes on top, and is the highest of several', () => {
    // 1000 × 3000 + 100 × 15000 + 14000000
    expect(price('perplexity', 'sonar-pro')).toMatchObject({ costNanoUsd: 18_500_000, flags: ['assumed_request_fee'] })
  })

  test('audio by the hour; Groq bills ten seconds at least', () => {
    // 90 s of 0.36 $ an hour; 0.111 $ an hour for 10 s is 308333.33 and for 60.5 s 1865416.67
    const kind = 'transcription'
    expect(nanoUsd('openai.transcription', 'whisper-1', { usage: { seconds: 90 }, kind })).toBe(9_000_000)
    expect(nanoUsd('groq.transcription', 'whisper-large-v3', { usage: { seconds: 3 }, kind })).toBe(308_333)
    expect(nanoUsd('groq.transcription', 'whisper-large-v3', { usage: { seconds: 60.5 }, kind })).toBe(1_865_417)
  })

  test('halves round up, once', () => {
    const custom = [{ provider: 'openai', model: 'x', per_mtok: { input: '0.0005', output: '0.0005' } }]
    // A half nano each: 1 + 2 tokens are 1.5, rounded apart they would be 1 + 1
    expect(nanoUsd('openai', 'x', { usage: { inputTokens: 1, outputTokens: 2 }, custom })).toBe(2)
    expect(nanoUsd('openai', 'x', { usage: { inputTokens: 1, outputTokens: 0 }, custom })).toBe(1)
  })

  test('a discount is part of the one rounding', () => {
    const custom = [{ provider: 'openai', model: 'gpt-4o*', discount: '0.85' }]
    // 0.85 × (7 × 2500 + 3 × 10000) = 40375
    expect(
      price('openai.chat', 'gpt-4o-2024-08-06', { usage: { inputTokens: 7, outputTokens: 3 }, custom }),
    ).toMatchObject({
      costNanoUsd: 40_375,
      source: 'custom',
    })
  })
})

describe('what has no price', () => {
  test.each([
    ['lmstudio.chat', 'gpt-5', 'unknown_provider'],
    ['my-proxy', 'claude-sonnet-4-5', 'unknown_provider'],
    ['ollama.chat', 'llama3.3', 'unknown_provider'],
    ['openai-compatible.chat', 'gpt-4o', 'unknown_provider'],
    ['', 'gpt-5', 'unknown_provider'],
    ['__proto__', 'constructor', 'unknown_provider'],
    ['openai.chat', 'gpt-4o-realtime-9', 'unknown_model'],
    ['openai.chat', 'gpt-5.9', 'unknown_model'],
    ['openai.chat', 'gpt-5-mini-9', 'unknown_model'],
    ['openai.chat', 'anthropic/claude-sonnet-4-5', 'unknown_model'],
    ['openai.chat', '', 'unknown_model'],
    ['anthropic.messages', 'claude-sonnet-5-5', 'unknown_model'],
    ['anthropic.messages', 'claude-opus-4-8-fast', 'unknown_model'],
    ['anthropic.messages', 'claude-sonnet-4-9-20270101', 'unknown_model'],
    ['google.generative-ai', 'gemini-3.6-flash-image', 'unknown_model'],
    ['google.generative-ai', 'gemini-1.5-flash-16b', 'unknown_model'],
    ['google.generative-ai', 'gemma-3-27b-it', 'unknown_model'],
    ['amazon-bedrock', 'amazon.titan-embed-text-v2:0', 'unknown_model'],
    ['amazon-bedrock', 'amazon.nova-pro-v2:0', 'unknown_model'],
    ['amazon-bedrock', 'arn:aws:bedrock:us-east-1:1:application-inference-profile/a1b2c3d4', 'unknown_model'],
    ['azure.chat', 'my-gpt4o-prod', 'unknown_model'],
    ['azure.chat', 'prod-o4-mini', 'unknown_model'],
    ['deepseek.chat', 'deepseek-chat-v5', 'unknown_model'],
    ['gateway', 'gpt-5', 'unknown_model'],
    ['gateway', 'nobody/gpt-5', 'unknown_model'],
    ['vercel.chat', 'v0-1.5-md', 'unknown_model'],
    ['groq.chat', 'openai/gpt-5', 'unknown_model'],
    ['fireworks.chat', 'accounts/someone/models/deepseek-v3p2-mine', 'unknown_model'],
  ])('%s %s: %s', (provider, model, reason) => {
    expect(price(provider, model)).toEqual({ costNanoUsd: null, source: null, flags: [], reason, priceVersion: null })
  })

  test('no usage, and zeros that say the same', () => {
    for (const usage of [
      {},
      { inputTokens: 0, outputTokens: 0 },
      { inputTokens: Number.NaN, outputTokens: Number.NaN },
    ]) {
      expect(nanoUsd('openai.chat', 'gpt-4o', { usage })).toBe('no_usage')
    }
    expect(nanoUsd('lmstudio', 'gpt-4o', { usage: {} })).toBe('no_usage')
  })

  test('half a usage is none', () => {
    expect(nanoUsd('openai.chat', 'gpt-4o', { usage: { inputTokens: 10 } })).toBe('no_usage')
    expect(nanoUsd('openai.chat', 'gpt-4o', { usage: { outputTokens: 10 } })).toBe('no_usage')
    expect(
      nanoUsd('openai.embedding', 'text-embedding-3-small', { usage: { inputTokens: 10 }, kind: 'embedding' }),
    ).toBe(200)
  })

  test('a usage that contradicts itself', () => {
    for (const usage of [
      { inputTokens: 50, outputTokens: 40, cacheReadTokens: 51 },
      { inputTokens: 50, outputTokens: 40, cacheReadTokens: 30, cacheWriteTokens: 21 },
      { inputTokens: 50, outputTokens: 40, reasoningTokens: 41 },
      { inputTokens: 50, outputTokens: 40, cacheWriteTokens: 5, cacheWrite1hTokens: 6 },
      { inputTokens: -1, outputTokens: 40 },
      { inputTokens: 1.5, outputTokens: 40 },
      { inputTokens: Infinity, outputTokens: 40 },
      { inputTokens: 1, outputTokens: 40, searches: -1 },
    ]) {
      expect([usage, nanoUsd('anthropic', 'claude-sonnet-4-5', { usage })]).toEqual([usage, 'inconsistent_usage'])
    }
  })

  test('tokens, searches, time and images without a price of their own', () => {
    const text = { inputTokens: 1000, outputTokens: 100 }
    expect(nanoUsd('openai.embedding', 'text-embedding-3-small', { usage: text })).toBe('unpriced_dimension')
    expect(nanoUsd('openai.chat', 'gpt-4o-audio-preview', { usage: { ...text, inputAudioTokens: 5 } })).toBe(
      'unpriced_dimension',
    )
    expect(nanoUsd('google.generative-ai', 'gemini-2.5-pro', { usage: { ...text, searches: 1 } })).toBe(
      'unpriced_dimension',
    )
    expect(nanoUsd('openai.transcription', 'whisper-1', { usage: text })).toBe('unpriced_dimension')
    expect(nanoUsd('openai.transcription', 'gpt-4o-transcribe', { usage: { seconds: 60 } })).toBe('unpriced_dimension')
    expect(nanoUsd('openai.image', 'gpt-image-1', { usage: { images: 1 } })).toBe('unpriced_dimension')
    const hour = { ...text, cacheWriteTokens: 10, cacheWrite1hTokens: 10 }
    expect(nanoUsd('amazon-bedrock', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', { usage: hour })).toBe(
      'unpriced_dimension',
    )
  })

  test('a service tier that has no price of its own', () => {
    for (const serviceTier of ['flex', 'priority', 'batch', 'SERVICE_TIER_PRIORITY', 'x'.repeat(20_000)]) {
      expect(nanoUsd('openai.responses', 'gpt-5', { serviceTier })).toBe('unpriced_tier')
    }
    expect(nanoUsd('lmstudio', 'gpt-5', { serviceTier: 'flex' })).toBe('unknown_provider')
    for (const serviceTier of ['default', 'standard', 'auto', 'on_demand', 'ON_DEMAND', 'Standard', '']) {
      expect(nanoUsd('openai.responses', 'gpt-5', { serviceTier })).toBe(2_250_000)
    }
  })

  test('an amount that a number cannot hold exactly', () => {
    // 150 dollars a million: just below 2^53 nano-USD, and just above
    const usage = { inputTokens: 60_047_995_031, outputTokens: 0 }
    expect(nanoUsd('openai.responses', 'o1-pro', { usage })).toBe(9_007_199_254_650_000)
    expect(nanoUsd('openai.responses', 'o1-pro', { usage: { inputTokens: 60_047_995_040, outputTokens: 0 } })).toBe(
      'out_of_range',
    )
  })
})

describe('estimates say so', () => {
  test('cached or not is hidden: the full price, flagged where caching changes it', () => {
    const hidden = { cacheKnown: false } as const
    expect(price('openai.chat', 'gpt-4o', hidden)).toMatchObject({ costNanoUsd: 3_500_000, flags: ['cache_unknown'] })
    expect(price('openai.chat', 'gpt-4-turbo', hidden)).toMatchObject({ costNanoUsd: 13_000_000, flags: [] })
    const usage = { inputTokens: 1000, outputTokens: 100, cacheReadTokens: 200 }
    expect(price('openai.chat', 'gpt-4o', { ...hidden, usage })).toMatchObject({ costNanoUsd: 3_250_000, flags: [] })
  })

  test('cached tokens without a price of their own cost what input costs', () => {
    const usage = { inputTokens: 1000, outputTokens: 100, cacheReadTokens: 200, cacheWriteTokens: 100 }
    expect(price('mistral.chat', 'mistral-large-2411', { usage })).toMatchObject({
      costNanoUsd: 2_600_000,
      flags: ['cache_at_input_rate'],
    })
  })

  test('the model that was asked for stands in for one that is unknown', () => {
    const options = { requestModel: 'gpt-5' }
    expect(price('openai.responses', 'gpt-5-2029-01-01', options)).toMatchObject({
      costNanoUsd: 2_250_000,
      flags: ['priced_by_request_model'],
    })
    expect(price('gateway', 'claude-sonnet-4-20250514', { requestModel: 'anthropic/claude-sonnet-4' }).flags).toEqual(
      [],
    )
  })

  test('what the provider bills besides', () => {
    expect(price('google.generative-ai', 'gemini-omni-flash-preview').flags).toEqual(['output_video_not_metered'])
  })
})

describe('gateways', () => {
  test('OpenRouter has prices of its own, and the provider’s where it has none', () => {
    // OpenRouter sells Llama 3.1 70B for 0.1 and 0.28; claude-sonnet-4-5 with hyphens it does not list, Anthropic does
    expect(price('openrouter', 'meta-llama/llama-3.1-70b-instruct')).toMatchObject({ costNanoUsd: 128_000 })
    expect(price('openrouter', 'anthropic/claude-sonnet-4-5-20250929')).toMatchObject({
      costNanoUsd: 4_500_000,
      priceVersion: expect.stringContaining(':anthropic/claude-sonnet-4-5'),
    })
  })

  test('free means free at OpenRouter only, usage known or not', () => {
    expect(price('openrouter', 'nobody/new-model:free')).toMatchObject({ costNanoUsd: 0, source: 'list', reason: null })
    expect(price('openrouter', 'nobody/new-model', { requestModel: 'nobody/new-model:free' })).toMatchObject({
      costNanoUsd: 0,
    })
    expect(price('openrouter', 'nobody/new-model:free', { usage: {} })).toMatchObject({ costNanoUsd: 0 })
    expect(nanoUsd('my-proxy', 'nobody/new-model:free')).toBe('unknown_provider')
  })
})

describe('a book', () => {
  test('names the price it used', () => {
    const { version, sha256 } = book.list
    const list = `list@${version}+${sha256.slice(0, 8)}`
    expect(price('openai.responses', 'gpt-5').priceVersion).toBe(`${list}:openai/gpt-5`)
    expect(price('openai.responses', 'o3').priceVersion).toBe(`${list}:openai/o3#2025-06-10`)
    const custom = [{ provider: 'azure', model: 'mine', alias_of: 'openai/gpt-5' }]
    expect(price('azure.chat', 'mine', { custom }).priceVersion).toMatch(
      new RegExp(`^custom:[0-9a-f]{8}#0=${list.replaceAll(/[.+]/g, '\\$&')}:openai/gpt-5$`),
    )
  })

  test('shows the price that a call would have', () => {
    expect(book.find({ provider: 'openai.responses', model: 'gpt-5', atMs: NOVEMBER })).toMatchObject({
      source: 'list',
      provider: 'openai',
      model: 'gpt-5',
      price: { per_mtok: { input: '1.25', output: '10', cache_read: '0.125' } },
    })
    expect(book.find({ provider: 'lmstudio', model: 'gpt-5', atMs: NOVEMBER })).toEqual({ reason: 'unknown_provider' })
  })

  test('lists everything, your own first', () => {
    const custom: PriceFile = {
      schema: 1,
      prices: [{ provider: 'ollama', model: '*', per_mtok: { input: '0', output: '0' } }],
    }
    const [first, ...rest] = createPriceBook({ custom }).entries()
    expect(first).toMatchObject({ source: 'custom', provider: 'ollama', model: '*' })
    expect(rest.length).toBeGreaterThan(1000)
    expect(new Set(rest.map((entry) => entry.source))).toEqual(new Set(['list']))
  })

  test('takes another list', () => {
    const list = {
      ...book.list,
      fallbacks: {},
      prices: { openai: [{ model: 'one', per_mtok: { input: '1', output: '2' } }] },
    }
    const other = createPriceBook({ list })
    const usage = { inputTokens: 1, outputTokens: 1 }
    expect(other.costOf({ provider: 'openai', model: 'one', atMs: 0, usage }).costNanoUsd).toBe(3000)
    expect(other.costOf({ provider: 'anthropic', model: 'claude-sonnet-4-5', atMs: 0, usage }).reason).toBe(
      'unknown_provider',
    )
  })
})

describe('whatever the query holds', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      'openai',
      'anthropic',
      'aws.bedrock',
      'openrouter',
      'gateway',
      'gcp.vertex_ai',
      'perplexity',
      'groq',
      'mine',
    ),
    fc.constantFrom(
      'gpt-5',
      'claude-sonnet-4-5',
      'gpt-4o-realtime',
      'gemini-2.5-pro',
      'sonar-pro',
      'whisper-large-v3',
      'x:free',
    ),
    fc.constantFrom(
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
      '\0',
      '🦙',
      'arn:',
      'ft:',
      '/',
      'openai/',
      '//',
      '~/:0',
    ),
    fc.constantFrom('x'.repeat(20_000), 'a/'.repeat(10_000), 'ft:'.repeat(10_000)),
  )
  const count = fc.oneof(
    fc.nat(),
    fc.double(),
    fc.constantFrom(undefined, 0, 1, Number.NaN, -1, Infinity, 2 ** 53, 2 ** 53 - 1, 1e300, -0, null, '5', 5n, {}, []),
  )
  const usage = fc.dictionary(
    fc.constantFrom(
      ...([
        'inputTokens',
        'outputTokens',
        'cacheReadTokens',
        'cacheWriteTokens',
        'cacheWrite1hTokens',
        'reasoningTokens',
      ] as const),
      ...([
        'inputAudioTokens',
        'outputAudioTokens',
        'cacheReadAudioTokens',
        'inputImageTokens',
        'outputImageTokens',
      ] as const),
      ...(['images', 'searches', 'requests', 'characters', 'seconds'] as const),
    ),
    count,
  )
  const sane = fc.record({ inputTokens: fc.nat(), outputTokens: fc.nat() })
  const query = fc.record({
    provider: fc.oneof(text, fc.constantFrom('openai', 'anthropic', 'groq', 'mine', null, undefined, 5)),
    model: fc.oneof(text, fc.constantFrom('gpt-5', 'claude-sonnet-4-5', null, undefined, {})),
    requestModel: fc.option(text, { nil: undefined }),
    serviceTier: fc.oneof(text, fc.constantFrom(undefined, null, 'flex', 7)),
    atMs: fc.oneof(fc.integer(), fc.constantFrom(Number.NaN, Infinity, -Infinity, NOVEMBER, -1e300)),
    usage: fc.oneof(usage, sane, fc.constantFrom(null, undefined, [])),
    kind: fc.constantFrom(undefined, 'model', 'embedding', 'speech'),
    cacheKnown: fc.constantFrom(undefined, true, false),
  })
  const custom: PriceFile = {
    schema: 1,
    prices: [
      {
        provider: 'mine',
        model: '*',
        per_mtok: { input: '999999999.999999999999', output: '0' },
        discount: '999999999',
      },
      { provider: 'openai', model: 'gpt-5*', tier: 'flex', discount: '0.5' },
      { provider: 'anthropic', model: 'claude*', per_mtok: { input: '3', output: '15' } },
      {
        provider: 'groq',
        model: '*',
        per_unit: { request: '0.000000000001', second: '1', image: '1', character: '1' },
      },
    ],
  }

  test('a cost is a whole number of nano-USD that is not negative, or it is NULL and has a reason', () => {
    const prices = createPriceBook({ custom })
    const seen = new Set<string>()
    fc.assert(
      fc.property(query, (hostile) => {
        // Types are what a query should be; this is what may come.
        const cost = prices.costOf(hostile as unknown as PriceQuery)
        const isCost = Number.isSafeInteger(cost.costNanoUsd) && Number(cost.costNanoUsd) >= 0
        seen.add(cost.reason ?? String(cost.source))
        expect({
          ...cost,
          isCost: isCost ? cost.reason === null : cost.costNanoUsd === null && cost.reason !== '',
        }).toMatchObject({ isCost: true })
      }),
      { numRuns: 10_000, seed: 7 },
    )
    for (const outcome of [
      'list',
      'custom',
      'no_usage',
      'inconsistent_usage',
      'unknown_provider',
      'unknown_model',
      'unpriced_tier',
      'out_of_range',
    ]) {
      expect(seen).toContain(outcome)
    }
  })

  test('more ids than are remembered change nothing', () => {
    const prices = createPriceBook()
    const cost = (model: string): number | null =>
      prices.costOf({ provider: 'openai', model, atMs: NOVEMBER, usage: { inputTokens: 1, outputTokens: 1 } })
        .costNanoUsd
    for (let index = 0; index < 5000; index += 1) expect(cost(`made-up-${index}`)).toBe(null)
    expect(cost('gpt-5')).toBe(11_250)
  })
})
