import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { resolveAnswer } from './answer.ts'
import { parseDirectives } from './directives.ts'
import { openaiError } from './openai-error.ts'
import { EMPTY_READING, toolRoundsOf, userTextOf, type ProviderRequest } from './provider-request.ts'
import { readBody } from './read-body.ts'
import { routeOf } from './routes.ts'
import type { ScenarioBook } from './scenario-book.ts'
import type { Scenario } from './scenario.ts'
import { pause, sendError, sendStream, sendWhole, type Exchange } from './send-answer.ts'
import type { WireLog } from './wire-log.ts'
import type { WireDialect } from './wire-dialect.ts'

const UNKNOWN: WireDialect = {
  api: 'unknown',
  read: () => EMPTY_READING,
  defaultUsage: () => undefined,
  usage: () => ({}),
  billed: () => {
    throw new Error('An unknown path bills nothing')
  },
  serviceTier: () => undefined,
  responseId: () => undefined,
  responseModel: () => undefined,
  toolCallId: () => undefined,
  answer: () => ({}),
  error: openaiError,
}

/** What answering needs of the server around it. */
export interface RequestHandlerOptions {
  readonly log: WireLog
  readonly book: ScenarioBook
  readonly usual: Scenario | undefined
  /** Aborted when the server closes. */
  readonly closing: AbortSignal
}

/** Makes the listener of the HTTP server: reads, logs, chooses a scenario and plays it. */
export function createRequestHandler(
  options: RequestHandlerOptions,
): (incoming: IncomingMessage, response: ServerResponse) => void {
  const nextId = createIds()
  return (incoming, response) => {
    // Only a client that leaves while it still sends comes here, and there is nobody left to tell.
    handle(incoming, response).catch(() => response.destroy())
  }

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    const signal = AbortSignal.any([gone.signal, options.closing])
    const body = await readBody(incoming)
    const path = (incoming.url ?? '/').split('?')[0] ?? '/'
    const { provider, dialect } = routeOf(path) ?? { provider: 'unknown', dialect: UNKNOWN }
    const { headers } = incoming
    const reading = dialect.read(body, path, headers)
    const entry = options.log.open({
      provider,
      api: dialect.api,
      path,
      requestModel: reading.model,
      stream: reading.stream,
      requestHeaders: headers,
      requestBody: body,
    })
    const exchange: Exchange = { response, dialect, entry, signal }
    if (dialect === UNKNOWN) return sendError(exchange, { status: 404, message: `Nobody answers ${path}` })
    const texts = { userText: userTextOf(reading), toolRounds: toolRoundsOf(reading.turns) }
    await answer(exchange, { ...reading, ...texts, provider, api: dialect.api, path, headers, body })
  }

  async function answer(exchange: Exchange, asked: ProviderRequest): Promise<void> {
    const { dialect, signal } = exchange
    const chosen = choose(asked)
    if (chosen instanceof Error) return sendError(exchange, { status: 400, message: chosen.message })
    const { request, scenario } = chosen
    await pause(scenario.delayMs ?? 0, signal)
    if (signal.aborted) return exchange.entry.end(false)
    if (scenario.error !== undefined) return sendError(exchange, scenario.error)
    const answer = resolveAnswer(scenario, { request, dialect, id: nextId() })
    const send = request.stream && dialect.streaming !== undefined ? sendStream : sendWhole
    await send(exchange, answer, scenario)
  }

  // A directive with a typing error or a script that throws is the test's mistake; the test hears of it as a 400.
  function choose(asked: ProviderRequest): { readonly request: ProviderRequest; readonly scenario: Scenario } | Error {
    try {
      const directed = parseDirectives(asked.model, asked.userText)
      const request = { ...asked, model: directed.model }
      return { request, scenario: options.book.pick(request, { ...options.usual, ...directed.scenario }) }
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error))
    }
  }
}

/** Ids that no other run of the server gives out. */
function createIds(): () => string {
  const run = randomUUID().replaceAll('-', '').slice(0, 12)
  let count = 0
  return () => {
    count += 1
    return `${run}${String(count).padStart(4, '0')}`
  }
}
