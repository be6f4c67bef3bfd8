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
import { loadProviders } from '../conformance/provider-packages.ts'
import type { Provider } from '../conformance/sdk.ts'
import { startProviderServer, type ProviderServer } from './index.ts'

const HAIKU = 'us.anthropic.claude-haiku-4-5-20251001-v1:0'

let server: ProviderServer

beforeAll(async () => {
  server = await startProviderServer()
})

afterEach(() => server.reset())
afterAll(() => server.close())

test('the id of an answer is a header, and nothing names the model that answered', async () => {
  const { response } = await generateText({ model: await chatModel(), prompt: 'Hello' })
  const [call] = server.calls()
  expect(response.id).toBe(call?.responseId)
  expect(response.id).toMatch(/^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/)
  expect(call).toMatchObject({ requestModel: HAIKU, responseModel: undefined, api: 'converse' })
})

test('input leaves out what was cached, the total does not, and writes are told by how long they last', async () => {
  server.next({ usage: { cacheWriteTokens: 20, cacheWrite1hTokens: 15 } })
  const { usage } = await generateText({ model: await chatModel(), prompt: 'Hello' })
  const [call] = server.calls()
  expect(call?.usage).toEqual({
    inputTokens: 50,
    outputTokens: 40,
    totalTokens: 140,
    cacheReadInputTokens: 30,
    cacheWriteInputTokens: 20,
    cacheDetails: [
      { inputTokens: 15, ttl: '1h' },
      { inputTokens: 5, ttl: '5m' },
    ],
    serverToolUsage: {},
  })
  expect(call?.billed).toMatchObject({ inputTokens: 100, cacheWriteTokens: 20, cacheWrite1hTokens: 15 })
  expect(usage.inputTokens).toBe(100)
})

test('cache points are read over, in the prompt and among the tools', async () => {
  const cachePoint = { cachePoint: { type: 'default' } }
  const body = {
    system: [{ text: 'Be terse.' }, cachePoint],
    messages: [{ role: 'user', content: [{ text: 'Weather?' }, cachePoint] }],
    toolConfig: { tools: [{ toolSpec: { name: 'weather', inputSchema: { json: { type: 'object' } } } }, cachePoint] },
  }
  const url = `${server.baseUrls['bedrock']}/model/${encodeURIComponent(HAIKU)}/converse`
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
  expect(await answer.json()).toMatchObject({ stopReason: 'tool_use' })
  expect(server.calls()[0]?.toolCalls.map(({ name, arguments: text }) => [name, text])).toEqual([['weather', '{}']])
})

test('reasoning is signed, streamed and whole', async () => {
  const prompt = '[[scenario: reasoning]]'
  const whole = await generateText({ model: await chatModel(), prompt })
  const streamed = streamText({ model: await chatModel(), prompt })
  const [part] = whole.content
  expect(part).toMatchObject({ type: 'reasoning', text: 'First I think, then I answer.' })
  expect(part).toMatchObject({ providerMetadata: { bedrock: { signature: expect.stringMatching(/^sig_/) } } })
  expect(await streamed.reasoningText).toBe('First I think, then I answer.')
})

test('the tier that was asked for is answered', async () => {
  const providerOptions = { bedrock: { serviceTier: 'flex' } }
  const { providerMetadata } = await generateText({ model: await chatModel(), prompt: 'Hello', providerOptions })
  expect(server.calls()[0]?.billed?.serviceTier).toBe('flex')
  expect(providerMetadata?.['bedrock']?.['serviceTier']).toEqual({ type: 'flex' })
})

test('errors are named by a header', async () => {
  server.script({}, { error: { status: 429 } })
  const answer = await fetch(`${server.baseUrls['bedrock']}/model/m/converse`, { method: 'POST', body: '{}' })
  expect(answer.headers.get('x-amzn-errortype')).toMatch(/^ThrottlingException:/)
  expect(await answer.json()).toEqual({ message: 'Scripted error 429' })
})

test.each([
  ['the lengths in a message', 7],
  ['its content', 100],
])('the checksum covers %s', async (_what, place) => {
  const corrupting: typeof fetch = async (...request) => {
    const answer = await fetch(...request)
    const bytes = new Uint8Array(await answer.arrayBuffer())
    bytes[place] = (bytes[place] ?? 0) ^ 1
    return new Response(bytes, { headers: answer.headers })
  }
  const { createAmazonBedrock } = await loadProviders(7)
  const model = createAmazonBedrock({ ...settings(), fetch: corrupting })(HAIKU) as LanguageModel
  const { textStream } = streamText({ model, prompt: 'Hello', maxRetries: 0, onError: () => {} })
  const reading = (async () => {
    for await (const text of textStream) expect(text).not.toBe('')
  })()
  await expect(reading).rejects.toThrow('checksum')
})

test.each([
  ['amazon.titan-embed-text-v2:0', 3, { inputTextTokenCount: 8 }],
  ['amazon.nova-2-multimodal-embeddings-v1:0', 3, { inputTokenCount: 8 }],
  ['cohere.embed-english-v3', 1, {}],
])('%s embeds three values in %i requests and bills them', async (id, requests, usage) => {
  const model = (await bedrock()).textEmbeddingModel(id) as EmbeddingModel
  const result = await embedMany({ model, values: ['one', 'two', 'three'] })
  const calls = server.calls()
  expect([new Set(result.embeddings.map(String)).size, result.usage.tokens]).toEqual([3, 24])
  expect(calls.length).toBe(requests)
  expect(calls[0]?.usage).toMatchObject(usage)
  expect(calls.reduce((sum, call) => sum + (call.billed?.inputTokens ?? 0), 0)).toBe(24)
})

test('rerank puts what fits best first and tells no usage', async () => {
  const model = (await bedrock()).rerankingModel('amazon.rerank-v1:0') as RerankingModel
  const documents = ['snow', 'a warm day', 'rain all day']
  const { rerankedDocuments } = await rerank({ model, query: 'warm day', documents, topN: 2 })
  expect(rerankedDocuments).toEqual(['a warm day', 'rain all day'])
  expect(server.calls()[0]).toMatchObject({
    api: 'rerank',
    requestModel: 'amazon.rerank-v1:0',
    usage: undefined,
    billed: undefined,
    completed: true,
  })
})

async function chatModel(): Promise<LanguageModel> {
  // The package of AI SDK 7 makes models of AI SDK 7.
  return (await bedrock())(HAIKU) as LanguageModel
}

async function bedrock(): Promise<Provider> {
  return (await loadProviders(7)).createAmazonBedrock(settings())
}

function settings(): Readonly<Record<string, unknown>> {
  return { baseURL: server.baseUrls['bedrock'], region: 'us-east-1', accessKeyId: 'no-id', secretAccessKey: 'no-key' }
}
