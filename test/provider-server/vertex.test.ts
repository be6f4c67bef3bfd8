import { embedMany, generateText, type EmbeddingModel, type LanguageModel } from 'ai'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { packagedModelsOf } from '../conformance/packaged-providers.ts'
import { startProviderServer, type ProviderServer } from './index.ts'

const PROJECT = '/vertex/v1/projects/demo/locations/us-central1'

let server: ProviderServer

beforeAll(async () => {
  server = await startProviderServer()
})

afterEach(() => server.reset())
afterAll(() => server.close())

// The packages of AI SDK 7 make models of AI SDK 7.
const gemini = async () => (await packagedModelsOf(7, 'vertex', server))() as LanguageModel
const claude = async () => (await packagedModelsOf(7, 'vertex.anthropic', server))() as LanguageModel

test('Gemini lives under the project and tells how it was paid for', async () => {
  const { providerMetadata } = await generateText({ model: await gemini(), prompt: 'Hello' })
  const [call] = server.calls()
  expect(call?.path).toBe(`${PROJECT}/publishers/google/models/gemini-2.5-flash:generateContent`)
  expect(call?.usage).toMatchObject({ candidatesTokenCount: 33, thoughtsTokenCount: 7, trafficType: 'ON_DEMAND' })
  expect(call?.billed).toMatchObject({ outputTokens: 40, reasoningTokens: 7, serviceTier: 'on_demand' })
  expect(providerMetadata?.['googleVertex']?.['usageMetadata']).toMatchObject({ trafficType: 'ON_DEMAND' })
})

test('a tier is asked for in a header and answered as a kind of traffic', async () => {
  const providerOptions = { vertex: { sharedRequestType: 'priority' } }
  await generateText({ model: await gemini(), prompt: 'Hello', providerOptions })
  const [call] = server.calls()
  expect(call?.usage?.['trafficType']).toBe('ON_DEMAND_PRIORITY')
  expect(call?.billed?.serviceTier).toBe('priority')
})

test('each embedding tells its own tokens', async () => {
  const model = (await packagedModelsOf(7, 'vertex', server))('embedding') as EmbeddingModel
  server.next({ usage: { inputTokens: 10 } })
  const { usage, embeddings } = await embedMany({ model, values: ['one', 'two', 'three'] })
  const [call] = server.calls()
  expect(call?.path).toBe(`${PROJECT}/publishers/google/models/text-embedding-005:predict`)
  expect(call?.usage).toEqual({
    statistics: [
      { truncated: false, token_count: 4 },
      { truncated: false, token_count: 3 },
      { truncated: false, token_count: 3 },
    ],
  })
  expect([usage.tokens, call?.billed?.inputTokens, embeddings.length]).toEqual([10, 10, 3])
})

test('Anthropic names the model in the path, and answers with its own name for it', async () => {
  const { response, usage } = await generateText({ model: await claude(), prompt: 'Hello' })
  const [call] = server.calls()
  expect(call?.path).toBe(`${PROJECT}/publishers/anthropic/models/claude-haiku-4-5@20251001:rawPredict`)
  expect(call?.requestBody).toMatchObject({ anthropic_version: 'vertex-2023-10-16' })
  expect(call).toMatchObject({ requestModel: 'claude-haiku-4-5@20251001', responseModel: 'claude-haiku-4-5-20251001' })
  expect([response.modelId, response.id]).toEqual([call?.responseModel, call?.responseId])
  expect(response.id).toMatch(/^msg_vrtx_/)
  expect(usage.inputTokens).toBe(call?.billed?.inputTokens)
})

test.each([
  [429, { error: { code: 429, status: 'RESOURCE_EXHAUSTED' } }],
  [400, { type: 'error', error: { type: 'invalid_request_error' } }],
  [529, { type: 'error', error: { type: 'overloaded_error' } }],
])('%i from Anthropic on Vertex AI comes from whom it concerns', async (status, body) => {
  server.next({ error: { status } })
  const url = `${server.baseUrls['vertex.anthropic']}/claude-haiku-4-5@20251001:rawPredict`
  const answer = await fetch(url, { method: 'POST', body: '{}' })
  expect([answer.status, await answer.json()]).toMatchObject([status, body])
})
