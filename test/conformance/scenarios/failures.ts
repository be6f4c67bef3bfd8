import { ALL_MAJORS, ALL_PROVIDERS, EMBEDDING_PROVIDERS, type Scenario, type ScenarioContext } from '../scenario.ts'
import type { Options } from '../sdk.ts'
import { consume, quiet, readFirstText } from './consume.ts'

const everywhere = { providers: ALL_PROVIDERS, majors: ALL_MAJORS, mayThrow: true }
const LONG = Array.from({ length: 12 }, (_, index) => `word${index} `)

/** Refusals, retries, and answers that do not arrive whole. */
export const FAILURE_SCENARIOS: readonly Scenario[] = [
  {
    ...everywhere,
    name: 'retry',
    mayThrow: false,
    answer: { error: { status: 429, times: 1, retryAfterMs: 1 } },
    run: (context) => context.sdk.ai.generateText(question(context, 1)),
  },
  {
    ...everywhere,
    name: 'stream-retry',
    mayThrow: false,
    answer: { error: { status: 429, times: 1, retryAfterMs: 1 } },
    run: (context) => consume(context.sdk.ai.streamText({ ...question(context, 1), ...quiet })),
  },
  {
    ...everywhere,
    name: 'retries-exhausted',
    answer: { error: { status: 429, retryAfterMs: 1 } },
    run: (context) => context.sdk.ai.generateText(question(context, 1)),
  },
  {
    ...everywhere,
    name: 'stream-retries-exhausted',
    answer: { error: { status: 429, retryAfterMs: 1 } },
    run: (context) => consume(context.sdk.ai.streamText({ ...question(context, 1), ...quiet })),
  },
  {
    ...everywhere,
    name: 'error-400',
    answer: { error: { status: 400, message: 'the prompt is too long' } },
    run: (context) => context.sdk.ai.generateText(question(context)),
  },
  {
    ...everywhere,
    name: 'stream-error-400',
    answer: { error: { status: 400, message: 'the prompt is too long' } },
    run: (context) => consume(context.sdk.ai.streamText({ ...question(context), ...quiet })),
  },
  {
    ...everywhere,
    name: 'embed-error-400',
    providers: EMBEDDING_PROVIDERS,
    answer: { error: { status: 400, message: 'the text is too long' } },
    run: ({ sdk, model, telemetry }) =>
      sdk.ai.embed({ model: model('embedding'), value: 'a sunny day', maxRetries: 0, ...telemetry() }),
  },
  {
    ...everywhere,
    name: 'abort',
    answer: { delayMs: 300 },
    run: (context) => {
      const controller = new AbortController()
      setTimeout(() => controller.abort(), 60)
      return context.sdk.ai.generateText({ ...question(context), abortSignal: controller.signal })
    },
  },
  {
    ...everywhere,
    name: 'timeout',
    answer: { delayMs: 300 },
    run: (context) => context.sdk.ai.generateText({ ...question(context), abortSignal: AbortSignal.timeout(60) }),
  },
  {
    ...everywhere,
    name: 'stream-abort',
    answer: { text: LONG, chunkDelayMs: 15 },
    run: async (context) => {
      const controller = new AbortController()
      const answer = context.sdk.ai.streamText({
        ...question(context),
        ...quiet,
        abortSignal: controller.signal,
      })
      for await (const text of answer.textStream) if (text !== '') controller.abort()
    },
  },
  {
    ...everywhere,
    name: 'stream-broken-off',
    answer: { text: LONG, chunkDelayMs: 15 },
    run: (context) => readFirstText(context.sdk.ai.streamText({ ...question(context), ...quiet })),
  },
  {
    ...everywhere,
    name: 'stream-unread',
    run: async (context) => void context.sdk.ai.streamText({ ...question(context), ...quiet }),
  },
  {
    ...everywhere,
    name: 'stream-socket-error',
    answer: { text: LONG, ending: { kind: 'break', after: 3 } },
    run: (context) => consume(context.sdk.ai.streamText({ ...question(context), ...quiet })),
  },
  {
    ...everywhere,
    name: 'stream-error-part',
    answer: { text: LONG, ending: { kind: 'error', after: 3, message: 'overloaded' } },
    run: (context) => consume(context.sdk.ai.streamText({ ...question(context), ...quiet })),
  },
  {
    ...everywhere,
    name: 'stream-error-part-then-finish',
    answer: { text: LONG, ending: { kind: 'error-then-finish', after: 3, message: 'overloaded' } },
    run: (context) => consume(context.sdk.ai.streamText({ ...question(context), ...quiet })),
  },
]

function question({ model, telemetry }: ScenarioContext, maxRetries = 0): Options {
  return { model: model(), prompt: 'What is a span?', maxRetries, ...telemetry() }
}
