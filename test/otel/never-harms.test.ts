import { createOpenAI } from '@ai-sdk/openai'
import { OpenTelemetry } from '@ai-sdk/otel'
import { context, diag, DiagLogLevel, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  AlwaysOnSampler,
  BasicTracerProvider,
  BatchSpanProcessor,
  type Sampler,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-base'
import { type Call, createPriceBook, type UsageSink } from '@spanledger/core'
import {
  type ConvertOptions,
  GenAISpanProcessor,
  recordUnsampled,
  type SpanProcessorLike,
  UsageLogExporter,
  UsageSpanProcessor,
} from '@spanledger/otel'
import { embed, generateObject, generateText, stepCountIs, streamText, tool } from 'ai'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { listSink } from '../conformance/ledger.ts'
import { type ProviderServer, startProviderServer } from '../provider-server/index.ts'

/** What a fault is made of; nothing is an ordinary application. */
interface Fault {
  readonly processors?: readonly SpanProcessorLike[]
  readonly sampler?: Sampler
  readonly withoutContext?: boolean
}

const explode = (): never => {
  throw new Error('hostile')
}
const reject = (): Promise<never> => Promise.reject(new Error('hostile'))
const never = (): Promise<never> => new Promise(() => {})
const block = (): void => {
  const until = performance.now() + 20
  while (performance.now() < until);
}

const IDLE = { onStart: () => {}, onEnd: () => {}, forceFlush: async () => {}, shutdown: async () => {} }
const EXPORTER: SpanExporter = { export: (_, done) => done({ code: 0 }), shutdown: async () => {} }
const POLICY = { mode: 'full', apply: explode, text: explode, json: explode } as const

let rows: Call[]
let seen: number

function ledgerOn(sink: Partial<UsageSink>, options?: ConvertOptions): Fault {
  return {
    processors: [new GenAISpanProcessor([new UsageSpanProcessor({ ...listSink(rows), ...sink }), counter()], options)],
  }
}

function beside(processor: Partial<SpanProcessorLike>): Fault {
  return {
    processors: [
      new GenAISpanProcessor([{ ...IDLE, ...processor }, new UsageSpanProcessor(listSink(rows)), counter()]),
    ],
  }
}

function exporting(exporter: Partial<SpanExporter>): Fault {
  return beside(new BatchSpanProcessor({ ...EXPORTER, ...exporter }, { scheduledDelayMillis: 1 }))
}

function counter(): SpanProcessorLike {
  return { ...IDLE, onEnd: () => void (seen += 1) }
}

function sampledBy(shouldSample: () => never): Fault {
  return { ...ledgerOn({}), sampler: recordUnsampled({ shouldSample, toString: () => 'hostile' }) }
}

const FAULTS: Readonly<Record<string, () => Fault>> = {
  'a sink that throws in write': () => ledgerOn({ write: explode }),
  'a sink that blocks in write': () => ledgerOn({ write: block }),
  'a sink that rejects in write': () => ledgerOn({ write: reject }),
  'a sink that throws everywhere': () => ledgerOn({ write: explode, flush: explode, close: explode, stats: explode }),
  'a processor that throws in onStart': () => beside({ onStart: explode }),
  'a processor that throws in onEnd': () => beside({ onEnd: explode }),
  'a processor that blocks': () => beside({ onStart: block, onEnd: block }),
  'a processor that rejects': () => beside({ onStart: reject, onEnd: reject, forceFlush: reject, shutdown: reject }),
  'a processor that never resolves': () => beside({ forceFlush: never, shutdown: never }),
  'an exporter that throws': () => exporting({ export: explode }),
  'an exporter that fails': () => exporting({ export: (_, done) => done({ code: 1, error: new Error('hostile') }) }),
  'an exporter that never calls back': () => exporting({ export: () => {} }),
  'a content policy that throws': () => ledgerOn({}, { content: POLICY }),
  'a price book that throws': () => ledgerOn({}, { prices: { ...createPriceBook(), costOf: explode } }),
  'a sampler that throws': () => sampledBy(explode),
  'a sampler that decides nothing': () => sampledBy(() => undefined as never),
  'no context manager': () => ({ ...ledgerOn({}), withoutContext: true }),
  'a ledger of its own that is told twice': () => ({
    processors: [new UsageSpanProcessor(listSink(rows)), ...(ledgerOn({ write: explode }).processors ?? [])],
  }),
  'our exporter with a sink that throws': () => exporting(new UsageLogExporter({ ...listSink(rows), write: explode })),
}

let server: ProviderServer

const TOOLS = {
  weather: tool({ inputSchema: z.object({ city: z.string() }), execute: async ({ city }) => ({ city, celsius: 21 }) }),
}

/** What an application does with the AI SDK, and all that it sees of the result. */
const OPERATIONS: Readonly<Record<string, (telemetry: object) => Promise<unknown>>> = {
  async generateText(telemetry) {
    const answer = await generateText({ ...chat(), tools: TOOLS, stopWhen: stepCountIs(3), ...telemetry })
    return [
      answer.text,
      answer.totalUsage,
      answer.finishReason,
      answer.steps.map(({ toolResults }) => toolResults.map(({ output }) => output)),
    ]
  },
  async streamText(telemetry) {
    const answer = streamText({ ...chat(), tools: TOOLS, stopWhen: stepCountIs(3), ...telemetry })
    const parts: unknown[] = []
    for await (const part of answer.fullStream) parts.push(part.type === 'text-delta' ? part.text : part.type)
    return [parts, await answer.text, await answer.totalUsage, await answer.finishReason]
  },
  async generateObject(telemetry) {
    const answer = await generateObject({ ...chat(), schema: z.object({ city: z.string() }), ...telemetry })
    return [answer.object, answer.usage, answer.finishReason]
  },
  async embed(telemetry) {
    const model = createOpenAI({ baseURL: server.openai, apiKey: 'none' }).embedding('text-embedding-3-small')
    const answer = await embed({ model, value: 'Paris', ...telemetry })
    return [answer.embedding, answer.usage]
  },
  'a call that fails': (telemetry) =>
    generateText({ ...chat('gpt-5+400=9999'), maxRetries: 0, ...telemetry }).catch((error: Error) => [
      error.name,
      error.message,
    ]),
}

function chat(modelId = 'gpt-5-mini') {
  return {
    model: createOpenAI({ baseURL: server.openai, apiKey: 'none' })(modelId),
    prompt: 'What is it like in Paris?',
  }
}

const unhandled: unknown[] = []
const onUnhandled = (reason: unknown) => void unhandled.push(reason)

beforeAll(async () => {
  Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false })
  server = await startProviderServer()
  process.on('unhandledRejection', onUnhandled)
})

afterAll(async () => {
  process.removeListener('unhandledRejection', onUnhandled)
  await server.close()
})

beforeEach(() => {
  rows = []
  seen = 0
  unhandled.length = 0
})

afterEach(() => {
  trace.disable()
  context.disable()
  diag.disable()
})

/** Runs an operation in an application with a fault. */
async function runWith(fault: Fault, operation: (telemetry: object) => Promise<unknown>): Promise<unknown> {
  const sampler = fault.sampler ?? new AlwaysOnSampler()
  const provider = new BasicTracerProvider({ spanProcessors: [...(fault.processors ?? [])], sampler })
  trace.setGlobalTracerProvider(provider)
  if (fault.withoutContext !== true) context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  const result = await operation({ telemetry: { integrations: [new OpenTelemetry({ usage: true })] } })
  // Batches leave after a millisecond; what they provoke must have come before it is looked for.
  await new Promise((resolve) => setTimeout(resolve, 30))
  return result
}

describe.each(Object.entries(OPERATIONS))('%s', (_, operation) => {
  let expected: unknown

  beforeAll(async () => {
    expected = await operation({})
  })

  test.each(Object.entries(FAULTS))('gives the same result with %s', async (_, make) => {
    expect(await runWith(make(), operation)).toEqual(expected)
    expect(unhandled).toEqual([])
  })

  test('gives the same result where diag throws too', async () => {
    const logger = { verbose: explode, debug: explode, info: explode, warn: explode, error: explode }
    diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true })
    expect(await runWith(ledgerOn({ write: explode }, { content: POLICY }), operation)).toEqual(expected)
    expect(seen).toBeGreaterThan(0)
    expect(unhandled).toEqual([])
  })
})

test.each(Object.entries(FAULTS))('with %s, processors beside the broken one get their spans', async (name, make) => {
  const fault = make()
  await runWith(fault, OPERATIONS['embed']!)
  // What a sampler cannot decide is for the ledger only.
  expect(seen).toBe(name.startsWith('a sampler') ? 0 : 2)
})

describe('flushing and shutting down', () => {
  afterEach(() => vi.useRealTimers())

  test.each<[string, Partial<UsageSink>]>([
    ['throws', { flush: explode, close: explode }],
    ['rejects', { flush: reject, close: reject }],
    ['never resolves', { flush: never, close: never }],
  ])('neither rejects nor hangs with a sink that %s', async (_, sink) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const hostile = { ...listSink(rows), ...sink }
    const parts = [
      new UsageSpanProcessor(hostile),
      new UsageLogExporter(hostile),
      new GenAISpanProcessor(new UsageSpanProcessor(hostile)),
    ]
    const done = Promise.all(parts.flatMap((part) => [part.forceFlush(), part.shutdown()]))
    await vi.advanceTimersByTimeAsync(5_000)
    await expect(done).resolves.toBeDefined()
  })

  test('reaches every processor, whatever the first one does', async () => {
    const reached: string[] = []
    const last = {
      ...IDLE,
      forceFlush: async () => void reached.push('flush'),
      shutdown: async () => void reached.push('shutdown'),
    }
    const processor = new GenAISpanProcessor([{ ...IDLE, forceFlush: explode, shutdown: reject }, last])
    await Promise.allSettled([processor.forceFlush(), processor.shutdown()])
    expect(reached.sort()).toEqual(['flush', 'shutdown'])
  })
})
