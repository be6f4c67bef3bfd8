import { embedMany, generateText, rerank, type EmbeddingModel, type LanguageModel, type RerankingModel } from 'ai'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { packagedModelsOf } from '../conformance/packaged-providers.ts'
import type { ModelSort } from '../conformance/scenario.ts'
import type { Model } from '../conformance/sdk.ts'
import { startProviderServer, type ProviderServer } from './index.ts'

let server: ProviderServer

beforeAll(async () => {
  server = await startProviderServer()
})

afterEach(() => server.reset())
afterAll(() => server.close())

// The package of AI SDK 7 makes models of AI SDK 7.
const modelOf = async (sort: ModelSort): Promise<Model> => (await packagedModelsOf(7, 'cohere', server))(sort)

test('tokens are what the model read, billed units are what is paid for', async () => {
  const { usage } = await generateText({ model: (await modelOf('chat')) as LanguageModel, prompt: 'Hello' })
  const [call] = server.calls()
  expect(call?.usage).toEqual({
    billed_units: { input_tokens: 100, output_tokens: 40 },
    tokens: { input_tokens: 166, output_tokens: 40 },
    cached_tokens: 0,
  })
  expect(call?.billed).toMatchObject({ inputTokens: 100, outputTokens: 40 })
  // The SDK reports the tokens; the units are only in its raw usage.
  expect([usage.inputTokens, usage.raw]).toEqual([166, call?.usage])
})

test('reasoning is content of its own kind, and a plan goes before the tools', async () => {
  const { reasoningText } = await generateText({
    model: (await modelOf('reasoning')) as LanguageModel,
    prompt: '[[scenario: reasoning]]',
  })
  const body = {
    model: 'command-a-03-2025',
    messages: [{ role: 'user', content: 'Weather?' }],
    tools: [{ type: 'function', function: { name: 'weather', parameters: { type: 'object' } } }],
  }
  const answer = await fetch(`${server.baseUrls['cohere']}/chat`, { method: 'POST', body: JSON.stringify(body) })
  expect(reasoningText).toBe('First I think, then I answer.')
  expect(await answer.json()).toMatchObject({
    finish_reason: 'TOOL_CALL',
    message: { tool_plan: 'I will use weather.', tool_calls: [{ type: 'function', function: { name: 'weather' } }] },
  })
})

test('embeds many values and bills them', async () => {
  const model = (await modelOf('embedding')) as EmbeddingModel
  const { usage, embeddings } = await embedMany({ model, values: ['one', 'two', 'three'] })
  expect(new Set(embeddings.map(String)).size).toBe(3)
  expect([usage.tokens, server.calls()[0]?.billed?.inputTokens]).toEqual([24, 24])
})

test.each([
  [3, 1],
  [101, 2],
])('ranking %i documents is billed as %i searches', async (count, searchUnits) => {
  const documents = Array.from({ length: count }, (_, index) => (index === 1 ? 'a warm day' : `snow ${index}`))
  const model = (await modelOf('reranking')) as RerankingModel
  const { rerankedDocuments } = await rerank({ model, query: 'warm day', documents, topN: 2 })
  const [call] = server.calls()
  expect(rerankedDocuments).toEqual(['a warm day', 'snow 0'])
  expect(call?.usage).toEqual({ search_units: searchUnits })
  expect(call?.billed).toMatchObject({ inputTokens: undefined, searchUnits })
})
