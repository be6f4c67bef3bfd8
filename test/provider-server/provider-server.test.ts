import { createAnthropic } from '@ai-sdk/anthropic'
import { createGoogle } from '@ai-sdk/google'
import { createOpenAI } from '@ai-sdk/openai'
import {
  embedMany,
  generateImage,
  generateObject,
  generateSpeech,
  generateText,
  NoObjectGeneratedError,
  Output,
  stepCountIs,
  streamText,
  tool,
  transcribe,
  type LanguageModel,
  type LanguageModelUsage,
} from 'ai'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { startProviderServer, type Billed, type ProviderServer } from './index.ts'

let server: ProviderServer

beforeAll(async () => {
  server = await startProviderServer()
})

afterEach(() => server.reset())
afterAll(() => server.close())

const openai = () => createOpenAI({ baseURL: server.openai, apiKey: 'none' })
const anthropic = () => createAnthropic({ baseURL: server.anthropic, apiKey: 'none' })
const google = () => createGoogle({ baseURL: server.google, apiKey: 'none' })

const TEXT = 'The answer is forty-two, as it always was.'

const OPENAI_BILL: Billed = {
  inputTokens: 100,
  outputTokens: 40,
  cacheReadTokens: 30,
  cacheWriteTokens: undefined,
  cacheWrite1hTokens: undefined,
  reasoningTokens: 7,
  serviceTier: 'default',
  costUsd: undefined,
}

const MODELS: readonly (readonly [name: string, model: () => LanguageModel, answered: string, bill: Billed])[] = [
  ['openai chat', () => openai().chat('gpt-5'), 'gpt-5-2025-08-07', OPENAI_BILL],
  ['openai responses', () => openai().responses('gpt-5'), 'gpt-5-2025-08-07', OPENAI_BILL],
  [
    'anthropic',
    () => anthropic()('claude-sonnet-4-5'),
    'claude-sonnet-4-5-20250929',
    {
      ...OPENAI_BILL,
      cacheWriteTokens: 20,
      cacheWrite1hTokens: 0,
      reasoningTokens: undefined,
      serviceTier: 'standard',
    },
  ],
  ['google', () => google()('gemini-2.5-pro'), 'gemini-2.5-pro', { ...OPENAI_BILL, serviceTier: undefined }],
]

const tools = {
  getWeather: tool({
    description: 'The weather in a city',
    inputSchema: z.object({ city: z.string(), days: z.number().int().min(1) }),
    execute: () => ({ celsius: 21 }),
  }),
  search: tool({ description: 'Search', inputSchema: z.object({ query: z.string() }), execute: () => 'found' }),
}

const recipe = z.object({ title: z.string(), minutes: z.number().int(), steps: z.array(z.string()).min(1) })

/** What the SDK made of the wire, in the words of the wire log. */
function countsOf(usage: LanguageModelUsage): Partial<Billed> {
  return {
    inputTokens: usage.inputTokens,
    outputTokens: usage.outputTokens,
    cacheReadTokens: usage.inputTokenDetails.cacheReadTokens,
    cacheWriteTokens: usage.inputTokenDetails.cacheWriteTokens,
    reasoningTokens: usage.outputTokenDetails.reasoningTokens,
  }
}

/** The part of a bill that the SDK can see. */
function visible(billed: Billed | undefined): Partial<Billed> {
  const { serviceTier: _, costUsd: __, cacheWrite1hTokens: ___, ...counts } = billed ?? OPENAI_BILL
  return counts
}

/** Reads a stream to its end. What goes wrong on the way comes as a part of the stream or ends it. */
async function readAll(
  model: LanguageModel,
  prompt: string,
): Promise<{ readonly text: string; readonly errors: readonly string[] }> {
  const errors: string[] = []
  const note = (error: unknown) => void errors.push(error instanceof Error ? error.message : String(error))
  const { textStream } = streamText({ model, prompt, maxRetries: 0, onError: ({ error }) => note(error) })
  let text = ''
  try {
    for await (const piece of textStream) text += piece
  } catch (error) {
    note(error)
  }
  await server.idle()
  return { text, errors }
}

describe.each(MODELS)('%s', (_name, model, answered, bill) => {
  test('answers with usage that the SDK and the wire log read alike', async () => {
    const result = await generateText({ model: model(), prompt: 'Hello' })
    await server.idle()
    const [call] = server.calls()
    expect(result.text).toBe(TEXT)
    expect(result.response.modelId).toBe(answered)
    expect(call).toMatchObject({ status: 200, stream: false, completed: true, responseModel: answered, text: TEXT })
    expect(call?.billed).toEqual(bill)
    expect(countsOf(result.usage)).toEqual(visible(bill))
  })

  test('streams the same answer', async () => {
    const result = streamText({ model: model(), prompt: 'Hello' })
    const [text, usage, finishReason] = await Promise.all([result.text, result.usage, result.finishReason])
    await server.idle()
    const [call] = server.calls()
    expect({ text, finishReason, counts: countsOf(usage) }).toEqual({
      text: TEXT,
      finishReason: 'stop',
      counts: visible(bill),
    })
    expect(call).toMatchObject({ stream: true, completed: true, responseModel: answered, text: TEXT })
    expect(call?.billed).toEqual(bill)
  })

  test('calls tools for as many rounds as asked, then answers', async () => {
    const prompt = 'Weather? [[scenario: tools=getWeather,search rounds=2]]'
    const result = await generateText({ model: model(), prompt, tools, stopWhen: stepCountIs(5) })
    await server.idle()
    expect(result.text).toBe(TEXT)
    expect(result.steps.map((step) => step.toolResults.map((result) => result.toolName))).toEqual([
      ['getWeather', 'search'],
      ['getWeather', 'search'],
      [],
    ])
    expect(server.calls().map((call) => call.toolCalls.map(({ name, arguments: text }) => [name, text]))).toEqual([
      [
        ['getWeather', '{"city":"city","days":1}'],
        ['search', '{"query":"query"}'],
      ],
      [
        ['getWeather', '{"city":"city","days":1}'],
        ['search', '{"query":"query"}'],
      ],
      [],
    ])
    expect(countsOf(result.totalUsage).inputTokens).toBe(300)
  })

  test('calls a tool that nobody offered, and one with arguments that do not fit', async () => {
    for (const directive of ['unknown-tool', 'invalid-arguments']) {
      const prompt = `[[scenario: ${directive}]]`
      const result = streamText({ model: model(), prompt, tools, stopWhen: stepCountIs(3), onError: () => {} })
      const steps = await result.steps
      expect(steps.map((step) => step.toolCalls.map((call) => call.invalid))).toEqual([[true], []])
    }
    await server.idle()
    const names = server.calls().flatMap((call) => call.toolCalls.map((toolCall) => toolCall.name))
    expect(names).toEqual(['noSuchTool', 'getWeather'])
  })

  test('answers JSON that fits the schema, with tools before it too', async () => {
    const { object } = await generateObject({ model: model(), prompt: 'Soup', schema: recipe })
    const output = Output.object({ schema: recipe })
    const result = await generateText({ model: model(), prompt: 'Soup', tools, output, stopWhen: stepCountIs(3) })
    expect([object, result.output]).toEqual([
      { title: 'title', minutes: 1, steps: ['steps', 'steps'] },
      { title: 'title', minutes: 1, steps: ['steps', 'steps'] },
    ])
    expect(result.steps.length).toBe(2)
  })

  test.each(['invalid-json', 'wrong-shape'])('spoils the JSON when told: %s', async (directive) => {
    const call = generateObject({ model: model(), prompt: `[[scenario: ${directive}]]`, schema: recipe })
    await expect(call).rejects.toBeInstanceOf(NoObjectGeneratedError)
  })

  test('refuses once with 429 and answers the retry', async () => {
    const result = await generateText({ model: model(), prompt: '[[scenario: 429=1]]' })
    await server.idle()
    expect(result.text).toBe(TEXT)
    expect(server.calls().map(({ status, completed, billed }) => [status, completed, billed?.inputTokens])).toEqual([
      [429, true, undefined],
      [200, true, 100],
    ])
  })

  test.each([400, 401, 500, 529])('refuses with %i in the way its SDK understands', async (status) => {
    const call = generateText({ model: model(), prompt: `[[scenario: ${status}]]`, maxRetries: 0 })
    await expect(call).rejects.toMatchObject({ statusCode: status, message: `Scripted error ${status}` })
  })

  test('breaks the socket in the middle of a stream', async () => {
    const { text, errors } = await readAll(model(), '[[scenario: break=3]]')
    const [call] = server.calls()
    expect(text).toBe('The answer is')
    expect(new Set(errors)).toEqual(new Set(['Failed to process successful response']))
    expect(call).toMatchObject({ status: 200, completed: false, billed: undefined, text: 'The answer is' })
  })

  test('sends an error in the middle of a stream, and goes on to the usage only when told', async () => {
    const alone = await readAll(model(), '[[scenario: error-part]]')
    const finished = await readAll(model(), '[[scenario: error-part-then-finish]]')
    expect([alone, finished]).toEqual([
      { text: 'The answer', errors: ['Scripted stream error'] },
      { text: 'The answer', errors: ['Scripted stream error'] },
    ])
    expect(server.calls().map(({ completed, billed }) => [completed, billed])).toEqual([
      [false, undefined],
      [true, bill],
    ])
  })

  test('stalls until the client goes away', async () => {
    const abort = new AbortController()
    const prompt = '[[scenario: stall]]'
    const { textStream } = streamText({ model: model(), prompt, abortSignal: abort.signal, onError: () => {} })
    let text = ''
    for await (const piece of textStream) {
      text += piece
      if (text === 'The answer') abort.abort()
    }
    await server.idle()
    expect(server.calls()[0]).toMatchObject({ completed: false, billed: undefined, text: 'The answer' })
  })

  test('bills what the script says', async () => {
    server.next({
      usage: { inputTokens: 90, cacheReadTokens: 10, outputTokens: 8, reasoningTokens: 3 },
      serviceTier: 'flex',
    })
    const result = streamText({ model: model(), prompt: 'Hello' })
    const usage = countsOf(await result.usage)
    await server.idle()
    const [call] = server.calls()
    expect(call?.billed).toMatchObject({ inputTokens: 90, cacheReadTokens: 10, outputTokens: 8, reasoningTokens: 3 })
    expect(call?.billed?.serviceTier).toBe('flex')
    expect(usage).toEqual(visible(call?.billed))
  })
})

test('reasoning text travels where the wire has a place for it', async () => {
  const prompt = '[[scenario: reasoning]]'
  const texts: (string | undefined)[] = []
  for (const [, model] of MODELS) texts.push((await generateText({ model: model(), prompt })).reasoningText)
  const words = 'First I think, then I answer.'
  expect(texts).toEqual([undefined, words, words, words])
})

test('Anthropic splits cache writes into 5 minutes and 1 hour', async () => {
  server.next({ usage: { cacheWriteTokens: 20, cacheWrite1hTokens: 15 } })
  await generateText({ model: anthropic()('claude-sonnet-4-5'), prompt: 'Hello' })
  const [call] = server.calls()
  expect(call?.usage).toEqual({
    input_tokens: 50,
    cache_creation_input_tokens: 20,
    cache_read_input_tokens: 30,
    cache_creation: { ephemeral_5m_input_tokens: 5, ephemeral_1h_input_tokens: 15 },
    output_tokens: 40,
    service_tier: 'standard',
  })
  expect(call?.billed).toMatchObject({ inputTokens: 100, cacheWriteTokens: 20, cacheWrite1hTokens: 15 })
})

test('usage can be missing, and wrong', async () => {
  server.next({ usage: 'none' })
  server.next({ usage: { wire: { prompt_tokens: -5, completion_tokens: 'many' } } })
  const model = openai().chat('gpt-5')
  const missing = await generateText({ model, prompt: 'Hello' })
  await expect(generateText({ model, prompt: 'Hello', maxRetries: 0 })).rejects.toThrow('Invalid JSON response')
  const [first, second] = server.calls()
  expect([missing.usage.inputTokens, first?.usage, first?.billed]).toEqual([undefined, undefined, undefined])
  expect(second?.usage).toMatchObject({ prompt_tokens: -5, completion_tokens: 'many' })
  expect(second?.billed).toMatchObject({ inputTokens: undefined, outputTokens: undefined, cacheReadTokens: 30 })
})

test('OpenAI streams usage only to those who ask for it', async () => {
  const body = { model: 'gpt-5', stream: true, messages: [{ role: 'user', content: 'Hello' }] }
  const response = await fetch(`${server.openai}/chat/completions`, { method: 'POST', body: JSON.stringify(body) })
  expect(await response.text()).not.toContain('usage')
  await server.idle()
  expect(server.calls()[0]).toMatchObject({ completed: true, usage: undefined, billed: undefined })
})

test.each([
  ['openai', () => openai().embedding('text-embedding-3-small'), 24],
  ['google', () => google().embedding('gemini-embedding-001'), 24],
])('%s embeds many values and bills them', async (_name, model, inputTokens) => {
  const result = await embedMany({ model: model(), values: ['one', 'two', 'three'] })
  expect(result.embeddings.length).toBe(3)
  expect(new Set(result.embeddings.map(String)).size).toBe(3)
  expect(server.calls().map((call) => [call.api, call.billed?.inputTokens])).toEqual([['embeddings', inputTokens]])
})

test('images, speech and transcriptions answer', async () => {
  const { image } = await generateImage({ model: openai().image('gpt-image-1'), prompt: 'A cat' })
  const { audio } = await generateSpeech({ model: openai().speech('tts-1'), text: 'Hello' })
  const heard = await transcribe({ model: openai().transcription('gpt-4o-transcribe'), audio: audio.uint8Array })
  await server.idle()
  expect([image.mediaType, audio.mediaType, heard.text]).toEqual(['image/png', 'audio/mpeg', TEXT])
  expect(server.calls().map((call) => [call.api, call.requestModel, call.billed?.inputTokens])).toEqual([
    ['images', 'gpt-image-1', 50],
    ['speech', 'tts-1', undefined],
    ['transcriptions', 'gpt-4o-transcribe', 100],
  ])
})

test.each([
  ['xai', { inputTokens: 100, outputTokens: 40, reasoningTokens: 7 }, { completion_tokens: 33 }],
  ['mistral', { inputTokens: 100, outputTokens: 40, reasoningTokens: undefined }, { num_cached_tokens: 30 }],
  ['deepseek', { inputTokens: 100, outputTokens: 40 }, { prompt_cache_hit_tokens: 30, prompt_cache_miss_tokens: 70 }],
  ['openrouter', { costUsd: 0.00042 }, { cost: 0.00042, cost_details: { upstream_inference_cost: null } }],
  ['azure', { inputTokens: 100, serviceTier: 'default' }, { prompt_tokens: 100 }],
])('%s answers under its own base URL and counts in its own way', async (provider, billed, usage) => {
  const model = createOpenAI({ baseURL: server.baseUrls[provider] ?? '', apiKey: 'none' }).chat('some-model')
  const { text } = await readAll(model, 'Hello')
  expect(text).toBe(TEXT)
  expect(server.calls()[0]).toMatchObject({ provider, billed, usage, completed: true })
})

test('the queue answers before the newest script, a script before directives', async () => {
  const model = openai().chat('gpt-5')
  const ask = async (prompt: string) => (await generateText({ model, prompt })).text
  const takeBack = server.script({ model: /^gpt/, api: 'chat' }, { text: 'old script' })
  server.script({ text: 'special' }, () => ({ text: 'new script' }))
  server.script(
    () => true,
    () => undefined,
  )
  server.next({ text: 'queued' }, { provider: 'openai' })
  expect([await ask('special'), await ask('special'), await ask('[[scenario: text=directed]]')]).toEqual([
    'queued',
    'new script',
    'old script',
  ])
  takeBack()
  expect([await ask('[[scenario: text=directed]]'), await ask('plain')]).toEqual(['directed', TEXT])
})

test('a model id carries directives too', async () => {
  await generateText({ model: openai().chat('gpt-5-mini+tier=priority+input=7'), prompt: 'Hello' })
  const [call] = server.calls()
  expect(call).toMatchObject({
    requestModel: 'gpt-5-mini+tier=priority+input=7',
    responseModel: 'gpt-5-mini-2025-08-07',
    billed: { inputTokens: 7, cacheReadTokens: 0, outputTokens: 40, serviceTier: 'priority' },
  })
})

test('a directive that nobody knows is refused with the list of those that are', async () => {
  const call = generateText({ model: openai().chat('gpt-5'), prompt: '[[scenario: stal]]' })
  await expect(call).rejects.toThrow('Unknown directive "stal"; use one of 400, 401, 429')
})

test('a path that nobody answers is a 404 in the log', async () => {
  await expect(fetch(`${server.url}/nowhere`, { method: 'POST' })).resolves.toMatchObject({ status: 404 })
  await server.idle()
  expect(server.calls()[0]).toMatchObject({ provider: 'unknown', api: 'unknown', status: 404, completed: true })
})

test('closing breaks off what still stalls, and closing twice is closing once', async () => {
  const other = await startProviderServer({ usual: { ending: { kind: 'stall', after: 0 } } })
  const model = createOpenAI({ baseURL: other.openai, apiKey: 'none' }).chat('gpt-5')
  const closeWhenAsked = async () => {
    while (other.calls().length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    await Promise.all([other.close(), other.close()])
  }
  await Promise.all([
    expect(generateText({ model, prompt: 'Hello', maxRetries: 0 })).rejects.toThrow('Cannot connect to API'),
    closeWhenAsked(),
  ])
  expect(other.calls()[0]).toMatchObject({ status: undefined, completed: false, endedAt: expect.any(Number) })
})
