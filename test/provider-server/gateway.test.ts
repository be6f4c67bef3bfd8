import {
  embedMany,
  generateText,
  rerank,
  streamText,
  type EmbeddingModel,
  type LanguageModel,
  type RerankingModel,
} from 'ai'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { packagedModelsOf } from '../conformance/packaged-providers.ts'
import { loadSdk } from '../conformance/sdk.ts'
import { startProviderServer, type ProviderServer } from './index.ts'

let server: ProviderServer

beforeAll(async () => {
  server = await startProviderServer()
})

afterEach(() => server.reset())
afterAll(() => server.close())

const models = () => packagedModelsOf(7, 'gateway', server)
// The package of AI SDK 7 makes models of AI SDK 7.
const chatModel = async () => (await models())() as LanguageModel

test.each([
  [5, '2'],
  [6, '3'],
  [7, '4'],
] as const)('AI SDK %i speaks version %s of the specification, and both ends count alike', async (major, version) => {
  const { ai } = await loadSdk(major)
  const model = (await packagedModelsOf(major, 'gateway', server))()
  const { text, finishReason, usage } = await ai.generateText({ model, prompt: 'Hello' })
  const [call] = server.calls()
  expect(call?.requestHeaders['ai-language-model-specification-version']).toBe(version)
  expect([text, finishReason]).toEqual([call?.text, 'stop'])
  expect([usage['inputTokens'], usage['outputTokens']]).toEqual([call?.billed?.inputTokens, call?.billed?.outputTokens])
  expect(call?.billed).toMatchObject({ cacheReadTokens: 30, reasoningTokens: 7, costUsd: 0.00042 })
})

test('the charge is a decimal string beside the usage, and the route says who answered', async () => {
  server.next({ usage: { costUsd: 0.0000001 } })
  const { providerMetadata } = await generateText({ model: await chatModel(), prompt: 'Hello' })
  const [call] = server.calls()
  expect(providerMetadata).toMatchObject({
    openai: {},
    gateway: {
      cost: '0.0000001',
      marketCost: '0.0000001',
      generationId: expect.stringMatching(/^gen_/),
      routing: {
        originalModelId: 'openai/gpt-4.1-mini',
        finalProvider: 'openai',
        resolvedProviderApiModelId: 'gpt-4.1-mini',
        attempts: [{ provider: 'openai', credentialType: 'system', success: true }],
      },
    },
  })
  expect(call?.usage).toMatchObject({ inputTokens: { total: 100, cacheRead: 30 }, cost: '0.0000001' })
  expect(call?.billed?.costUsd).toBe(0.0000001)
})

test('only a stream names the model that answered', async () => {
  const whole = await generateText({ model: await chatModel(), prompt: 'Hello' })
  const streamed = streamText({ model: await chatModel(), prompt: 'Hello' })
  const ids = [whole.response.modelId, (await streamed.response).modelId]
  await server.idle()
  expect(ids).toEqual(['openai/gpt-4.1-mini', 'gpt-4.1-mini-2025-04-14'])
  expect(server.calls().map((call) => call.responseModel)).toEqual([undefined, 'gpt-4.1-mini-2025-04-14'])
})

test('usage can be missing, and the charge with it', async () => {
  server.next({ usage: 'none' })
  const { usage, providerMetadata } = await generateText({ model: await chatModel(), prompt: 'Hello' })
  const [call] = server.calls()
  expect([usage.inputTokens, call?.usage, call?.billed]).toEqual([undefined, undefined, undefined])
  expect(providerMetadata?.['gateway']).not.toHaveProperty('cost')
})

test('embeds many values and ranks documents, each with its charge', async () => {
  const modelOf = await models()
  const embedded = await embedMany({ model: modelOf('embedding') as EmbeddingModel, values: ['one', 'two', 'three'] })
  const ranked = await rerank({
    model: modelOf('reranking') as RerankingModel,
    query: 'warm day',
    documents: ['snow', 'a warm day'],
  })
  expect([embedded.embeddings.length, embedded.usage.tokens]).toEqual([3, 24])
  expect(ranked.rerankedDocuments).toEqual(['a warm day', 'snow'])
  expect(server.calls().map(({ api, requestModel, billed }) => [api, requestModel, billed])).toMatchObject([
    ['embeddings', 'openai/text-embedding-3-small', { inputTokens: 24, costUsd: 0.00042 }],
    ['rerank', 'cohere/rerank-v3.5', { inputTokens: undefined, costUsd: 0.00042 }],
  ])
})

test.each([
  [401, 'GatewayAuthenticationError'],
  [429, 'GatewayRateLimitError'],
  [500, 'GatewayInternalServerError'],
])('%i is the error that the package calls %s', async (status, name) => {
  const call = generateText({ model: await chatModel(), prompt: `[[scenario: ${status}]]`, maxRetries: 0 })
  await expect(call).rejects.toMatchObject({ name })
})
