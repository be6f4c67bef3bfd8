import type { Call } from '@spanledger/core'
import { buildCall, buildContent } from '../core/build-call.ts'

interface SampleModel {
  readonly provider: string
  readonly model: string
  /** Nano-dollars a token; none for a model that nobody has a price for. */
  readonly price?: readonly [input: number, output: number]
  readonly weight: number
}

interface SampleOptions {
  /** When the last of them starts, epoch milliseconds. */
  readonly until: number
  readonly days: number
  readonly runsPerDay: number
  readonly environment?: string
}

const DAY_MS = 86_400_000

const MODELS: readonly SampleModel[] = [
  { provider: 'openai', model: 'gpt-5', price: [1250, 10_000], weight: 8 },
  { provider: 'anthropic', model: 'claude-sonnet-4-5', price: [3000, 15_000], weight: 6 },
  { provider: 'openai', model: 'gpt-5-mini', price: [250, 2000], weight: 9 },
  { provider: 'gcp.gemini', model: 'gemini-2.5-pro', price: [1250, 10_000], weight: 3 },
  { provider: 'gcp.gemini', model: 'gemini-2.5-flash', price: [300, 2500], weight: 5 },
  { provider: 'anthropic', model: 'claude-haiku-4-5', price: [1000, 5000], weight: 4 },
  { provider: 'mistral_ai', model: 'mistral-large-2512', price: [500, 1500], weight: 2 },
  { provider: 'ollama', model: 'house-llama-70b', weight: 1 },
]
const OPERATIONS = ['answer_ticket', 'summarize', 'chat', 'classify', 'translate', 'search_catalogue']
const USERS = ['ada', 'bob', 'carol', 'dan', 'erin', 'frank', 'grace', 'heidi', 'ivan', 'judy']
const PROJECTS = ['shop', 'support', 'back-office']
const TAGS = ['beta', 'pro', 'batch']
const TOOLS = ['findOrder', 'searchCatalogue', 'refund', 'sendMail', 'getWeather']
const QUESTIONS = [
  'My order A-17 never came. Where is it?',
  'Which teapot keeps tea warm the longest?',
  'Summarize the reviews of the blue teapot.',
  'Please translate “teapot” into Japanese, and tell me how it is read.',
]
const ANSWERS = [
  'Your order was lost in the post. I have asked for a refund, which takes three days.',
  'The double-walled steel one: about four hours. The porcelain ones keep warm for forty minutes.',
  'Most people like the spout, which does not drip. Two say that the lid is too loose.',
  'It is kyūsu, or tīpotto for the western kind, read as it is written.',
]

/** Calls as a small shop would make them: the same for the same options. */
export function sampleCalls({ until, days, runsPerDay, environment = 'production' }: SampleOptions): readonly Call[] {
  const random = createRandom(7)
  const count = days * runsPerDay
  return Array.from({ length: count }, (_, index) => {
    // More by day than by night, and a little more each day.
    const day = Math.floor(Math.sqrt(random()) * days)
    const startedAt = Math.round(until - (days - day) * DAY_MS + DAY_MS * (0.15 + 0.85 * Math.sqrt(random())))
    return sampleRun({ random, index, startedAt: Math.min(startedAt, until - 60_000 - index), environment })
  }).flat()
}

interface RunOptions {
  readonly random: () => number
  readonly index: number
  readonly startedAt: number
  readonly environment: string
}

// A run with one model call; agents call a tool and the model again.
function sampleRun({ random, index, startedAt, environment }: RunOptions): readonly Call[] {
  const spanId = (place: number): string => (index * 16 + place + 1).toString(16).padStart(16, '0')
  const isAgent = index % 4 === 0
  const words = Math.floor(index / 4) % QUESTIONS.length
  const who: Partial<Call> = {
    trace_id: (index + 1).toString(16).padStart(32, '0'),
    run_id: spanId(0),
    operation: pick(OPERATIONS, random),
    call_type: 'CHAT',
    project_id: pick(PROJECTS, random),
    user_id: random() < 0.08 ? null : pick(USERS, random),
    session_id: isAgent ? `chat-${Math.floor(index / 12)}` : null,
    tags: random() < 0.4 ? [pick(TAGS, random)] : null,
    service_name: 'shop',
    environment,
    sdk: 'ai',
    sdk_version: '7.0.173',
    streaming: isAgent ? 1 : 0,
  }
  const model = pickModel(random)
  const first = modelCall({ random, model, who, spanId: spanId(1), parent: spanId(0), startedAt: startedAt + 4, words })
  const parts = isAgent ? [first, ...toolRound({ random, model, who, spanId, after: first, words })] : [first]
  const endedAt = Math.max(...parts.map((part) => part.ended_at ?? part.started_at)) + 3
  const last = parts.at(-1)
  const run = buildCall({
    ...who,
    span_id: spanId(0),
    kind: 'run',
    billable: 0,
    name: isAgent ? 'ai.streamText' : 'ai.generateText',
    started_at: startedAt,
    ended_at: endedAt,
    duration_ms: endedAt - startedAt,
    status: last?.status === 'error' ? 'error' : 'ok',
    content: buildContent({ question: QUESTIONS[words] ?? null, answer: ANSWERS[words] ?? null }),
  })
  return [run, ...parts]
}

interface ModelCallOptions {
  readonly random: () => number
  readonly model: SampleModel
  readonly who: Partial<Call>
  readonly spanId: string
  readonly parent: string
  readonly startedAt: number
  readonly words: number
}

function modelCall({ random, model, who, spanId, parent, startedAt, words }: ModelCallOptions): Call {
  const durationMs = Math.round(350 + random() ** 2 * 7000)
  const common: Partial<Call> = {
    ...who,
    span_id: spanId,
    parent_span_id: parent,
    provider: model.provider,
    model: model.model,
    request_model: model.model,
    started_at: startedAt,
    ended_at: startedAt + durationMs,
    duration_ms: durationMs,
  }
  const fate = random()
  if (fate < 0.02) {
    return buildCall({
      ...common,
      status: 'error',
      error_type: 'APICallError',
      error_message: 'Rate limit reached for requests',
      http_status: 429,
    })
  }
  if (fate < 0.03) return buildCall({ ...common, status: 'aborted', cost_reason: 'no_usage' })
  return buildCall({ ...common, ...usage(random, model, fate), ...talk(words), finish_reason: 'stop' })
}

function usage(random: () => number, { price }: SampleModel, fate: number): Partial<Call> {
  const input = Math.round(300 + random() ** 2 * 9000)
  const output = Math.round(40 + random() ** 2 * 1200)
  const cached = Math.round(input * random() * 0.6)
  const isEstimate = fate > 0.93
  const [inputPrice = 0, outputPrice = 0] = price ?? []
  const cost = Math.round((input - cached * 0.9) * inputPrice + output * outputPrice)
  return {
    input_tokens: input,
    output_tokens: output,
    total_tokens: input + output,
    cache_read_tokens: isEstimate ? null : cached,
    cache_write_tokens: isEstimate ? null : Math.round(cached * 0.1),
    reasoning_tokens: isEstimate ? null : Math.round(output * random() * 0.5),
    usage_source: 'span',
    time_to_first_token_ms: Math.round(180 + random() ** 2 * 900),
    ...(price === undefined
      ? { cost_reason: 'unknown_model' }
      : {
          cost_nano_usd: cost,
          cost_source: 'list' as const,
          cost_flags: isEstimate ? ['cache_unknown'] : [],
          price_version: '2026-11-01',
        }),
  }
}

function talk(words: number): Partial<Call> {
  const question = QUESTIONS[words] ?? ''
  const answer = ANSWERS[words] ?? ''
  return {
    content: buildContent({
      question,
      system_prompt: 'You sell teapots. Be brief and kind.',
      input_messages: [{ role: 'user', parts: [{ type: 'text', content: question }] }],
      output_messages: [{ role: 'assistant', parts: [{ type: 'text', content: answer }], finish_reason: 'stop' }],
      answer,
      lengths: { question: question.length, answer: answer.length },
    }),
  }
}

interface ToolRoundOptions extends Pick<ModelCallOptions, 'random' | 'model' | 'who' | 'words'> {
  readonly spanId: (place: number) => string
  readonly after: Call
}

function toolRound({ random, model, who, spanId, after, words }: ToolRoundOptions): readonly Call[] {
  const startedAt = (after.ended_at ?? after.started_at) + 2
  const durationMs = Math.round(20 + random() ** 3 * 2400)
  const name = pick(TOOLS, random)
  const isFailed = name === 'refund' ? random() < 0.3 : random() < 0.04
  const tool = buildCall({
    ...who,
    call_type: 'EXECUTE_TOOL',
    span_id: spanId(2),
    parent_span_id: spanId(0),
    kind: 'tool',
    billable: 0,
    tool_name: name,
    tool_call_id: `call-${spanId(2)}`,
    started_at: startedAt,
    ended_at: startedAt + durationMs,
    duration_ms: durationMs,
    ...(isFailed
      ? {
          status: 'error' as const,
          error_type: 'Error',
          error_message: name === 'refund' ? 'The refund service is closed on Sundays' : 'Timed out after 2000 ms',
        }
      : {}),
    content: buildContent({
      tool_arguments: { orderId: 'A-17', verbose: true },
      tool_result: isFailed ? null : { status: 'lost in the post' },
    }),
  })
  const second = modelCall({
    random,
    model,
    who,
    spanId: spanId(3),
    parent: spanId(0),
    startedAt: startedAt + durationMs + 3,
    words,
  })
  return [tool, second]
}

function pickModel(random: () => number): SampleModel {
  let place = random() * MODELS.reduce((sum, { weight }) => sum + weight, 0)
  return MODELS.find(({ weight }) => (place -= weight) < 0) ?? MODELS[0]!
}

function pick<Value>(values: readonly Value[], random: () => number): Value {
  return values[Math.floor(random() ** 1.6 * values.length)] ?? values[0]!
}

// Mulberry32: small, and the same everywhere.
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
