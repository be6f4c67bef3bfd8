import { GEN_AI, SPANLEDGER } from '@spanledger/core'
import { DAY_MS } from '@spanledger/core/time'
import type { DemoSpan } from './demo-span.ts'
import { COMPANIES, FAILURES, MODELS, QUESTIONS, TOOLS, USERS } from './demo-words.ts'
import type { Random } from './random.ts'

interface Model {
  readonly provider: string
  readonly model: string
}

type Attribution = DemoSpan['attributes']

/** A random run of a small shop: a chat turn, an agent, a single call or an embedding. `brokenTool` fails almost always. */
export function demoRun(random: Random, startMs: number, brokenTool?: string): DemoSpan[] {
  const dice = random.next()
  if (dice < 0.45) return chatTurn(random, startMs)
  if (dice < 0.65) return agentRun(random, startMs, brokenTool)
  if (dice < 0.85) return singleCall(random, startMs)
  return embedding(random, startMs)
}

function chatTurn(random: Random, startMs: number): DemoSpan[] {
  const user = random.pick(USERS)
  const day = Math.floor(startMs / DAY_MS)
  const attribution = attributionOf(random, {
    user,
    project: 'shop',
    operation: 'chat',
    session: `${user}-${day}-${random.between(1, 2)}`,
  })
  const place = { traceId: random.hex(32), spanId: random.hex(16) }
  return [
    modelCall(random, {
      ...place,
      startMs,
      model: random.pick(MODELS.small),
      attribution,
      words: random.pick(QUESTIONS),
    }),
  ]
}

// Children come before their parent, because they end first.
function agentRun(random: Random, startMs: number, brokenTool: string | undefined): DemoSpan[] {
  const ticket = random.between(1, 400)
  // A ticket is opened and asked about by one user.
  const user = USERS[ticket % USERS.length]
  const attribution = attributionOf(random, {
    user,
    project: 'support',
    operation: 'answer_ticket',
    session: `ticket-${ticket}`,
  })
  const traceId = random.hex(32)
  const root = random.hex(16)
  const model = random.pick(MODELS.large)
  const words = random.pick(QUESTIONS)
  const spans: DemoSpan[] = []
  let at = startMs + 5
  for (let step = random.between(1, 3); step >= 0; step -= 1) {
    const call = modelCall(random, {
      traceId,
      spanId: random.hex(16),
      parentSpanId: root,
      startMs: at,
      model,
      attribution: {},
      words,
    })
    spans.push(call)
    at = call.endMs + 3
    if (step === 0 || call.error !== undefined) break
    const tool = toolCall(random, { traceId, parentSpanId: root, startMs: at }, brokenTool)
    spans.push(tool)
    at = tool.endMs + 3
  }
  const error = spans.at(-1)?.error
  const attributes = { ...attribution, [GEN_AI.operationName]: 'invoke_agent', [GEN_AI.agentName]: 'support' }
  return [...spans, { traceId, spanId: root, name: 'invoke_agent support', startMs, endMs: at, attributes, error }]
}

function singleCall(random: Random, startMs: number): DemoSpan[] {
  const operation = random.pick(['summarize', 'classify', 'translate'])
  const user = random.next() < 0.2 ? undefined : random.pick(USERS)
  const attribution = attributionOf(random, { user, project: random.pick(['shop', 'blog']), operation })
  const model = random.next() < 0.04 ? random.pick(MODELS.unpriced) : random.pick([...MODELS.small, ...MODELS.large])
  const place = { traceId: random.hex(32), spanId: random.hex(16) }
  return [modelCall(random, { ...place, startMs, model, attribution, words: random.pick(QUESTIONS) })]
}

function embedding(random: Random, startMs: number): DemoSpan[] {
  const { provider, model } = random.pick(MODELS.embedding)
  const attributes = {
    ...attributionOf(random, { user: undefined, project: 'shop', operation: 'index' }),
    [GEN_AI.operationName]: 'embeddings',
    [GEN_AI.providerName]: provider,
    [GEN_AI.requestModel]: model,
    [GEN_AI.responseModel]: model,
    [GEN_AI.inputTokens]: random.between(200, 6000),
  }
  const endMs = startMs + random.between(80, 400)
  return [{ traceId: random.hex(32), spanId: random.hex(16), name: `embeddings ${model}`, startMs, endMs, attributes }]
}

interface Place {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly startMs: number
}

function modelCall(
  random: Random,
  call: Place & {
    readonly model: Model
    readonly attribution: Attribution
    readonly words: (typeof QUESTIONS)[number]
  },
): DemoSpan {
  const { model, attribution, words, ...place } = call
  const error = random.next() < 0.025 ? random.pick(FAILURES) : undefined
  const input = random.between(300, 9000)
  const isCached = random.next() < 0.4
  const output = random.between(40, 1200)
  // Only some of the models think, and only some providers charge for writing to their cache.
  const thinks = model.provider !== 'anthropic' && MODELS.large.some((large) => large.model === model.model)
  const usage = {
    [GEN_AI.inputTokens]: input,
    [GEN_AI.outputTokens]: output,
    [GEN_AI.cacheReadTokens]: isCached ? Math.floor(input * 0.6) : 0,
    [GEN_AI.cacheWriteTokens]: model.provider === 'anthropic' && !isCached ? Math.floor(input * 0.5) : undefined,
    [GEN_AI.reasoningTokens]: thinks ? Math.floor(output * 0.55) : undefined,
    [GEN_AI.responseTimeToFirstChunk]: random.between(150, 1800) / 1000,
    [GEN_AI.responseFinishReasons]: ['stop'],
    [GEN_AI.outputMessages]: messageOf('assistant', words.answer),
  }
  const attributes = {
    ...attribution,
    [GEN_AI.operationName]: 'chat',
    [GEN_AI.providerName]: model.provider,
    [GEN_AI.requestModel]: model.model,
    [GEN_AI.responseModel]: error === undefined ? model.model : undefined,
    [GEN_AI.requestStream]: true,
    [GEN_AI.inputMessages]: messageOf('user', words.question),
    ...(error === undefined ? usage : { 'error.type': 'APICallError' }),
  }
  const endMs = place.startMs + random.between(600, 9000)
  return { ...place, name: `chat ${model.model}`, endMs, attributes, error }
}

function toolCall(random: Random, place: Omit<Place, 'spanId'>, brokenTool: string | undefined): DemoSpan {
  const tool = random.pick(TOOLS)
  const error = random.next() < (tool.name === brokenTool ? 0.95 : 0.08) ? tool.failure : undefined
  const attributes = {
    [GEN_AI.operationName]: 'execute_tool',
    [GEN_AI.toolName]: tool.name,
    [GEN_AI.toolCallId]: `call_${random.hex(12)}`,
    [GEN_AI.toolArguments]: JSON.stringify(tool.arguments),
    [GEN_AI.toolResult]: error === undefined ? JSON.stringify(tool.result) : undefined,
    'error.type': error === undefined ? undefined : 'Error',
  }
  const endMs = place.startMs + random.between(20, 2500)
  return { ...place, spanId: random.hex(16), name: `execute_tool ${tool.name}`, endMs, attributes, error }
}

function attributionOf(
  random: Random,
  attribution: {
    readonly user: string | undefined
    readonly project: string
    readonly operation: string
    readonly session?: string
  },
): Attribution {
  return {
    [SPANLEDGER.operation]: attribution.operation,
    [SPANLEDGER.projectId]: attribution.project,
    [SPANLEDGER.companyId]: attribution.user === undefined ? undefined : random.pick(COMPANIES),
    [SPANLEDGER.tags]: random.next() < 0.25 ? ['beta'] : undefined,
    [SPANLEDGER.metadata]: JSON.stringify({ demo: true }),
    'user.id': attribution.user,
    'session.id': attribution.session,
  }
}

function messageOf(role: 'user' | 'assistant', content: string): string {
  return JSON.stringify([{ role, parts: [{ type: 'text', content }] }])
}
