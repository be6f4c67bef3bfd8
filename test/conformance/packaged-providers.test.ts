import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod/v3'
import { startProviderServer, type Billed, type ProviderServer } from '../provider-server/index.ts'
import { dialectOf, type Dialect } from './dialect.ts'
import {
  packagedModelsOf,
  packagedWith,
  packageLacks,
  PACKAGED_PROVIDERS,
  type PackagedProviderName,
} from './packaged-providers.ts'
import { loadProviders, providerVersions } from './provider-packages.ts'
import { ALL_MAJORS, type ModelSort } from './scenario.ts'
import { loadSdk, type AiModule, type Major, type Model, type Options } from './sdk.ts'

const TEXT = 'The answer is forty-two, as it always was.'
const REASONING = 'First I think, then I answer.'
const COMMON_FACTORIES = [
  'createAmazonBedrock',
  'createAzure',
  'createCohere',
  'createDeepSeek',
  'createGroq',
  'createMistral',
  'createOpenAICompatible',
  'createOpenRouter',
  'createVertex',
  'createVertexAnthropic',
  'createXai',
]

// Wires with no place for reasoning text.
const NO_REASONING_TEXT = new Set(['azure'])

const CELLS = ALL_MAJORS.flatMap((major) =>
  PACKAGED_PROVIDERS.filter((name) => !packageLacks(name, major, 'generate-text')).map(
    (name) => [major, name] as const,
  ),
)

let server: ProviderServer

beforeAll(async () => {
  Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false })
  server = await startProviderServer()
})

afterAll(() => server.close())

test.each(ALL_MAJORS)('the folder of major %i has the factories of that major', async (major) => {
  const { major: _, ...factories } = await loadProviders(major)
  const expected = major === 4 ? COMMON_FACTORIES : [...COMMON_FACTORIES, 'createGateway']
  expect(Object.keys(factories).toSorted()).toEqual(expected.toSorted())
  expect(Object.values(await providerVersions(major)).filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([])
})

describe.each(CELLS)('AI SDK %i with %s', (major, name) => {
  test('generates and streams text, and counts as the package always has', async () => {
    const { ai, model } = await setUp(major, name)
    const whole = await ai.generateText({ model: model(), prompt: 'Hello' })
    const streamed = await readAll(ai, { model: model(), prompt: 'Hello' })
    await server.idle()
    const [first, second] = server.calls()
    expect([whole.text, streamed.text, first?.text, second?.text]).toEqual([TEXT, TEXT, TEXT, TEXT])
    expect(countsOf(whole.usage)).toEqual(expectedCounts(major, name, first?.billed))
    expect(countsOf(await streamed.usage)).toEqual(expectedCounts(major, name, second?.billed))
  })

  test('runs tools in rounds, streaming or not', async () => {
    const { ai, model, dialect } = await setUp(major, name)
    server.script({}, { toolRounds: 2, toolCalls: [city('Paris'), city('Rome')] })
    const asked: unknown[] = []
    const options = { model: model(), prompt: 'Weather?', ...weatherTool(dialect, asked), ...dialect.steps(4) }
    const { text } = await ai.generateText(options)
    const streamed = await readAll(ai, options)
    await server.idle()
    expect([text, streamed.text]).toEqual([TEXT, TEXT])
    expect(asked).toEqual(['Paris', 'Rome', 'Paris', 'Rome', 'Paris', 'Rome', 'Paris', 'Rome'])
    expect(server.calls().map((call) => call.toolCalls.length)).toEqual([2, 2, 0, 2, 2, 0])
  })

  // Where the package cannot, there is nothing to test.
  if (can('reasoning', major, name))
    test('hands on reasoning, streaming or not', async () => {
      const { ai, model } = await setUp(major, name)
      const options = { model: model('reasoning'), prompt: '[[scenario: reasoning]]', providerOptions: thinking }
      const whole = (await ai.generateText(options)) as unknown as Options
      const streamed = await readAll(ai, options)
      const expected = NO_REASONING_TEXT.has(name) ? '' : REASONING
      expect([reasoningOf(whole), streamed.reasoning]).toEqual([expected, expected])
    })

  // Where the package cannot, there is nothing to test.
  if (can('embed', major, name))
    test('embeds many values and bills them', async () => {
      const { ai, model } = await setUp(major, name)
      const { embeddings } = await ai.embedMany({ model: model('embedding'), values: ['one', 'two', 'three'] })
      expect(new Set(embeddings.map(String)).size).toBe(3)
      expect(server.calls().reduce((sum, { billed }) => sum + (billed?.inputTokens ?? 0), 0)).toBe(24)
    })

  // Where the package cannot, there is nothing to test.
  if (major > 5 && can('rerank', major, name))
    test('ranks documents', async () => {
      const { ai, model } = await setUp(major, name)
      const documents = ['snow', 'a warm day']
      const ranking = await ai.rerank({ model: model('reranking'), query: 'warm day', documents })
      expect(ranking).toMatchObject({ rerankedDocuments: ['a warm day', 'snow'] })
    })
})

const thinking: Options = {
  openai: { reasoningEffort: 'low', reasoningSummary: 'auto' },
  anthropic: { thinking: { type: 'enabled', budgetTokens: 1024 } },
  google: { thinkingConfig: { thinkingBudget: 1024, includeThoughts: true } },
  bedrock: { reasoningConfig: { type: 'enabled', budgetTokens: 1024 } },
}

async function setUp(
  major: Major,
  name: PackagedProviderName,
): Promise<{ readonly ai: AiModule; readonly dialect: Dialect; readonly model: (sort?: ModelSort) => Model }> {
  server.reset()
  const sdk = await loadSdk(major)
  return { ai: sdk.ai, dialect: dialectOf(sdk), model: await packagedModelsOf(major, name, server) }
}

function can(scenario: 'reasoning' | 'embed' | 'rerank', major: Major, name: PackagedProviderName): boolean {
  const sort = { reasoning: 'reasoning', embed: 'embedding', rerank: 'reranking' } as const
  return packagedWith(sort[scenario]).includes(name) && !packageLacks(name, major, scenario)
}

function city(name: string): { readonly name: string; readonly arguments: { readonly city: string } } {
  return { name: 'weather', arguments: { city: name } }
}

function weatherTool(dialect: Dialect, asked: unknown[]): Options {
  const input = z.object({ city: z.string() })
  const execute = async (value: unknown) => asked.push(input.parse(value).city)
  return dialect.tools({ weather: { description: 'The weather in a city', input, execute } })
}

interface Part {
  readonly type: string
  readonly text?: string
  readonly textDelta?: string
  readonly error?: unknown
}

async function readAll(
  ai: AiModule,
  options: Options,
): Promise<{ readonly text: string; readonly reasoning: string; readonly usage: Promise<Options> }> {
  const answer = ai.streamText(options) as unknown as {
    readonly fullStream: AsyncIterable<Part>
    readonly usage: Promise<Options>
  }
  let text = ''
  let reasoning = ''
  for await (const part of answer.fullStream) {
    const piece = part.text ?? part.textDelta ?? ''
    if (part.type === 'error') throw part.error
    if (part.type === 'text-delta') text += piece
    if (part.type === 'reasoning' || part.type === 'reasoning-delta') reasoning += piece
  }
  return { text, reasoning, usage: answer.usage }
}

/** AI SDK 4 hands it on as `reasoning`, which is a list in the others. */
function reasoningOf(answer: Options): unknown {
  const { reasoning, reasoningText } = answer
  return reasoningText ?? (typeof reasoning === 'string' ? reasoning : '')
}

interface Counts {
  readonly input: unknown
  readonly output: unknown
}

function countsOf(usage: Options): Counts {
  return {
    input: usage['inputTokens'] ?? usage['promptTokens'],
    output: usage['outputTokens'] ?? usage['completionTokens'],
  }
}

/** What the SDK says where the provider billed this. Only since 6 does its input hold the cache and its output the reasoning. */
function expectedCounts(major: Major, name: PackagedProviderName, billed: Billed | undefined): Counts {
  const { inputTokens = 0, outputTokens = 0, cacheReadTokens = 0, cacheWriteTokens = 0 } = billed ?? {}
  const withoutCache = major < 6 && (name === 'bedrock' || name === 'vertex.anthropic')
  const withoutReasoning = (major < 6 && name === 'vertex') || (major === 4 && name === 'xai')
  // Cohere's package counts what the model read, which is more than what is billed.
  const unbilled = name === 'cohere' ? 66 : 0
  return {
    input: inputTokens + unbilled - (withoutCache ? cacheReadTokens + cacheWriteTokens : 0),
    output: outputTokens - (withoutReasoning ? (billed?.reasoningTokens ?? 0) : 0),
  }
}
