import {
  generateObject,
  generateText,
  stepCountIs,
  streamText,
  tool,
  type LanguageModel,
  type LanguageModelUsage,
} from 'ai'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { packagedModelsOf, type PackagedProviderName } from '../conformance/packaged-providers.ts'
import { startProviderServer, type Billed, type ProviderServer } from './index.ts'

let server: ProviderServer

beforeAll(async () => {
  server = await startProviderServer()
})

afterEach(() => server.reset())
afterAll(() => server.close())

const TEXT = 'The answer is forty-two, as it always was.'

const NOTHING: Partial<Billed> = { cacheWriteTokens: undefined, reasoningTokens: undefined, costUsd: undefined }
const ANTHROPIC = { ...NOTHING, inputTokens: 100, outputTokens: 40, cacheReadTokens: 30, cacheWriteTokens: 20 }
const OPENAI = { ...NOTHING, inputTokens: 100, outputTokens: 40, cacheReadTokens: 30, reasoningTokens: 7 }
const WITH_COST = { ...OPENAI, costUsd: 0.00042 }

// What each bills for a call that nobody scripted, and what its package makes of it where that is something else.
const BILLS: readonly (readonly [name: PackagedProviderName, bill: Partial<Billed>, seen: Partial<Billed>])[] = [
  ['bedrock', ANTHROPIC, {}],
  ['vertex', { ...OPENAI, serviceTier: 'on_demand' }, {}],
  ['vertex.anthropic', ANTHROPIC, {}],
  [
    'cohere',
    { ...NOTHING, inputTokens: 100, outputTokens: 40, cacheReadTokens: 0 },
    { inputTokens: 166, cacheReadTokens: undefined },
  ],
  ['gateway', WITH_COST, {}],
  ['azure', { ...OPENAI, serviceTier: 'default' }, {}],
  ['azure.responses', { ...OPENAI, serviceTier: 'default' }, {}],
  ['openrouter', WITH_COST, {}],
  ['mistral', { ...OPENAI, reasoningTokens: undefined }, {}],
  ['groq', OPENAI, {}],
  ['xai', WITH_COST, {}],
  ['deepseek', OPENAI, {}],
  ['openai-compatible', OPENAI, {}],
]

const tools = {
  getWeather: tool({
    description: 'The weather in a city',
    inputSchema: z.object({ city: z.string(), days: z.number().int().min(1) }),
    execute: () => ({ celsius: 21 }),
  }),
  search: tool({ description: 'Search', inputSchema: z.object({ query: z.string() }), execute: () => 'found' }),
}

describe.each(BILLS)('%s', (name, bill, seen) => {
  // The package of AI SDK 7 makes models of AI SDK 7.
  const modelOf = async () => (await packagedModelsOf(7, name, server))() as LanguageModel

  test('answers with usage that the wire log reads as it stands', async () => {
    const result = await generateText({ model: await modelOf(), prompt: 'Hello' })
    await server.idle()
    const [call] = server.calls()
    expect(result.text).toBe(TEXT)
    expect(call).toMatchObject({ status: 200, stream: false, completed: true, text: TEXT, billed: bill })
    expect(countsOf(result.usage)).toEqual(visible({ ...bill, ...seen }))
  })

  test('streams the same answer', async () => {
    const result = streamText({ model: await modelOf(), prompt: 'Hello' })
    const [text, usage, finishReason] = await Promise.all([result.text, result.usage, result.finishReason])
    await server.idle()
    const [call] = server.calls()
    expect({ text, finishReason }).toEqual({ text: TEXT, finishReason: 'stop' })
    expect(call).toMatchObject({ stream: true, completed: true, text: TEXT, billed: bill })
    expect(countsOf(usage)).toEqual(visible({ ...bill, ...seen }))
  })

  test.each([false, true])('calls tools for as many rounds as asked, then answers; streaming: %s', async (streams) => {
    const prompt = 'Weather? [[scenario: tools=getWeather,search rounds=2]]'
    const options = { model: await modelOf(), prompt, tools, stopWhen: stepCountIs(5) }
    const steps = streams ? await streamText(options).steps : (await generateText(options)).steps
    await server.idle()
    expect(steps.map((step) => step.toolResults.map((result) => result.toolName))).toEqual([
      ['getWeather', 'search'],
      ['getWeather', 'search'],
      [],
    ])
    expect(server.calls().map((call) => call.toolCalls.map((toolCall) => toolCall.arguments))).toEqual([
      ['{"city":"city","days":1}', '{"query":"query"}'],
      ['{"city":"city","days":1}', '{"query":"query"}'],
      [],
    ])
  })

  test('calls a tool that nobody offered', async () => {
    const prompt = '[[scenario: unknown-tool]]'
    const { steps } = await generateText({ model: await modelOf(), prompt, tools, stopWhen: stepCountIs(3) })
    expect(steps.map((step) => step.toolCalls.map((call) => call.invalid))).toEqual([[true], []])
  })

  test('answers JSON that fits the schema', async () => {
    const schema = z.object({ title: z.string(), minutes: z.number().int() })
    const { object } = await generateObject({ model: await modelOf(), prompt: 'Soup', schema })
    expect(object).toEqual({ title: 'title', minutes: 1 })
  })

  test('refuses once with 429 and answers the retry', async () => {
    const { text } = await generateText({ model: await modelOf(), prompt: '[[scenario: 429=1]]' })
    await server.idle()
    expect(text).toBe(TEXT)
    expect(server.calls().map(({ status, completed, billed }) => [status, completed, billed?.inputTokens])).toEqual([
      [429, true, undefined],
      [200, true, 100],
    ])
  })

  test.each([400, 500])('refuses with %i in the way its package understands', async (status) => {
    const call = generateText({ model: await modelOf(), prompt: `[[scenario: ${status}]]`, maxRetries: 0 })
    await expect(call).rejects.toMatchObject({
      statusCode: status,
      message: expect.stringContaining(`Scripted error ${status}`),
    })
  })

  test('breaks the socket in the middle of a stream', async () => {
    const { text, errors } = await readAll(await modelOf(), '[[scenario: break=3]]')
    expect([text, errors.length > 0]).toEqual(['The answer is', true])
    expect(server.calls()[0]).toMatchObject({ status: 200, completed: false, billed: undefined, text: 'The answer is' })
  })

  test('sends an error in the middle of a stream, and goes on to the usage only when told', async () => {
    const alone = await readAll(await modelOf(), '[[scenario: error-part]]')
    const finished = await readAll(await modelOf(), '[[scenario: error-part-then-finish]]')
    expect([alone.text, finished.text]).toEqual(['The answer', 'The answer'])
    expect(alone.errors.join('\n')).toContain('Scripted stream error')
    expect(server.calls().map(({ completed, billed }) => [completed, billed?.inputTokens])).toEqual([
      [false, undefined],
      [true, 100],
    ])
  })

  test('stalls until the client goes away', async () => {
    const abort = new AbortController()
    const prompt = '[[scenario: stall]]'
    const model = await modelOf()
    const { textStream } = streamText({ model, prompt, abortSignal: abort.signal, onError: () => {} })
    let text = ''
    for await (const piece of textStream) {
      text += piece
      if (text === 'The answer') abort.abort()
    }
    await server.idle()
    expect(server.calls()[0]).toMatchObject({ completed: false, billed: undefined, text: 'The answer' })
  })

  test('bills what the script says', async () => {
    const usage = { inputTokens: 90, cacheReadTokens: 10, outputTokens: 8 }
    server.next({ usage })
    await streamText({ model: await modelOf(), prompt: 'Hello' }).consumeStream()
    await server.idle()
    expect(server.calls()[0]?.billed).toMatchObject(usage)
  })
})

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
function visible(bill: Partial<Billed>): Partial<Billed> {
  const { serviceTier: _, costUsd: __, ...counts } = bill
  return counts
}

/** Reads a stream to its end. What goes wrong on the way comes as a part of the stream or ends it. */
async function readAll(
  model: LanguageModel,
  prompt: string,
): Promise<{ readonly text: string; readonly errors: readonly string[] }> {
  const errors: string[] = []
  const note = (error: unknown) => void errors.push(messageOf(error))
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : JSON.stringify(error)
}
