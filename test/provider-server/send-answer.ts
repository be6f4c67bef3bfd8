import type { ServerResponse } from 'node:http'
import type { Answer } from './answer.ts'
import { onTheWire } from './json.ts'
import type { Ending, Scenario, ScriptedError } from './scenario.ts'
import { SERVER_SENT_EVENTS, type StreamTransport } from './stream-transport.ts'
import type { WireLogEntry } from './wire-log.ts'
import type { Frame, WireDialect } from './wire-dialect.ts'

const USUAL_PIECES = 2

/** One attempt on its way: where the answer goes and where it is written down. */
export interface Exchange {
  readonly response: ServerResponse
  readonly dialect: WireDialect
  readonly entry: WireLogEntry
  /** Aborted when the client goes away or the server closes. */
  readonly signal: AbortSignal
}

/** Waits, unless the signal comes first. Leaves no timer behind. */
export function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  if (durationMs <= 0 || signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(done, durationMs)
    signal.addEventListener('abort', done, { once: true })
    function done(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
  })
}

/** Sends the HTTP error. */
export async function sendError(exchange: Exchange, error: ScriptedError): Promise<void> {
  const { dialect, entry } = exchange
  const { status, message = `Scripted error ${status}` } = error
  const mayRetry = status === 408 || status === 409 || status === 429 || status >= 500
  const retryAfterMs = error.retryAfterMs ?? (mayRetry ? 0 : false)
  const headers = retryAfterMs === false ? {} : { 'retry-after-ms': String(retryAfterMs) }
  entry.note({ status })
  sendHead(exchange, status, { 'content-type': 'application/json', ...dialect.errorHeaders?.(status), ...headers })
  entry.end(await finish(exchange, JSON.stringify(dialect.error(status, message))))
}

/** Sends the whole answer at once, or as much of it as the scenario's ending allows. */
export async function sendWhole(exchange: Exchange, answer: Answer, scenario: Scenario): Promise<void> {
  const { dialect, entry, signal } = exchange
  const { ending } = scenario
  if (ending?.kind === 'stall') await aborted(signal)
  if (signal.aborted || (ending?.kind === 'break' && ending.after === 0)) return breakOff(exchange)
  const content = dialect.answer(answer)
  const bytes = Buffer.from(content instanceof Uint8Array ? content : JSON.stringify(content))
  entry.note({ status: 200 })
  sendHead(exchange, 200, {
    'content-type': 'application/json',
    'content-length': String(bytes.length),
    ...dialect.headers?.(answer),
  })
  if (ending?.kind === 'break') {
    await write(exchange, bytes.subarray(0, bytes.length / 2))
    return breakOff(exchange)
  }
  note(exchange, answer, { data: {}, text: answer.text.join(''), usage: answer.usage, isFinalUsage: true })
  entry.note({ ...namesOf(dialect, answer), toolCalls: answer.toolCalls })
  entry.end(await finish(exchange, bytes))
}

/** Streams the answer piece by piece, or as much of it as the scenario's ending allows. */
export async function sendStream(exchange: Exchange, answer: Answer, scenario: Scenario): Promise<void> {
  const { dialect, entry, signal } = exchange
  const { ending, chunkDelayMs = 0 } = scenario
  const frames = framesUntil(ending, dialect.streaming?.frames(answer) ?? [])
  const isSilent = ending?.after === 0 && (ending.kind === 'stall' || ending.kind === 'break')
  if (!isSilent) {
    entry.note({ status: 200, ...namesOf(dialect, answer) })
    sendHead(exchange, 200, {
      'content-type': transportOf(dialect).contentType,
      'cache-control': 'no-cache',
      ...dialect.headers?.(answer),
    })
    await sendFrames(exchange, answer, { frames, chunkDelayMs })
  }
  if (ending?.kind === 'stall') await aborted(signal)
  if (signal.aborted || ending?.kind === 'stall' || ending?.kind === 'break') return breakOff(exchange)
  if (ending !== undefined) {
    const { message = 'Scripted stream error', kind } = ending
    const failure = { message, withFinish: kind === 'error-then-finish', framesSent: frames.length }
    await sendFrames(exchange, answer, { frames: dialect.streaming?.failure(answer, failure) ?? [], chunkDelayMs })
  }
  const isWhole = await finish(exchange)
  entry.end(isWhole && ending?.kind !== 'error')
}

/** The frames up to the last one that the ending lets through. */
function framesUntil(ending: Ending | undefined, frames: readonly Frame[]): readonly Frame[] {
  if (ending === undefined) return frames
  const content = frames.flatMap((frame, index) => (frame.isContent === true ? [index] : []))
  const pieces = Math.min(ending.after ?? USUAL_PIECES, content.length)
  const last = content[pieces - 1]
  return last === undefined ? frames.slice(0, content[0] ?? 0) : frames.slice(0, last + 1)
}

async function sendFrames(
  exchange: Exchange,
  answer: Answer,
  sending: { readonly frames: readonly Frame[]; readonly chunkDelayMs: number },
): Promise<void> {
  for (const frame of sending.frames) {
    if (frame.isContent === true) await pause(sending.chunkDelayMs, exchange.signal)
    if (exchange.signal.aborted) return
    if (await write(exchange, transportOf(exchange.dialect).encode(frame))) note(exchange, answer, frame)
  }
}

function transportOf(dialect: WireDialect): StreamTransport {
  return dialect.streaming?.transport ?? SERVER_SENT_EVENTS
}

function note({ dialect, entry }: Exchange, answer: Answer, frame: Frame): void {
  if (frame.text !== undefined) entry.note({ text: entry.call.text + frame.text })
  if (frame.toolCall !== undefined) entry.note({ toolCalls: [...entry.call.toolCalls, frame.toolCall] })
  if (frame.usage === undefined) return
  const usage = onTheWire({ ...entry.call.usage, ...frame.usage })
  const billed = frame.isFinalUsage === true ? dialect.billed(usage, answer.serviceTier) : undefined
  entry.note({ usage, billed })
}

function namesOf(dialect: WireDialect, answer: Answer): Pick<WireLogEntry['call'], 'responseId' | 'responseModel'> {
  return { responseId: dialect.responseId(answer), responseModel: dialect.responseModel(answer) }
}

function sendHead({ response }: Exchange, status: number, headers: Readonly<Record<string, string>>): void {
  if (!response.destroyed) response.writeHead(status, headers).flushHeaders()
}

/** Resolves when the piece has left the process; true when it did. */
function write({ response, signal }: Exchange, piece: string | Uint8Array): Promise<boolean> {
  if (response.destroyed || signal.aborted) return Promise.resolve(false)
  return new Promise((resolve) => {
    const gone = (): void => resolve(false)
    // A socket that dies may forget the callbacks of what it never wrote.
    signal.addEventListener('abort', gone, { once: true })
    response.write(piece, (error) => {
      signal.removeEventListener('abort', gone)
      resolve(error === undefined || error === null)
    })
  })
}

/** Ends the response; true when all of it has left the process. */
function finish({ response }: Exchange, piece?: string | Uint8Array): Promise<boolean> {
  if (response.destroyed) return Promise.resolve(false)
  return new Promise((resolve) => {
    response.once('close', () => resolve(response.writableFinished))
    response.end(piece)
  })
}

function breakOff({ response, entry }: Exchange): void {
  response.destroy()
  entry.end(false)
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
