import { httpStatusOf, textOf } from '../json/attribute-values.ts'
import { CORE } from '../vocabulary/attributes.ts'
import type { CallStatus } from '../call/call-words.ts'
import type { SpanLike } from '../span/span-like.ts'
import type { TokenUsage } from '../call/token-usage.ts'

/** How a span ended, in terms that fit every SDK. */
export interface Outcome {
  readonly status: CallStatus
  readonly errorType?: string | undefined
  readonly errorMessage?: string | undefined
  readonly httpStatus?: number | undefined
}

const STATUS_ERROR = 2
const ABORTS = new Set(['AbortError', 'ResponseAborted', 'AI_ResponseAborted'])

/**
 * Whether a streamed answer stopped before its end. One that carried an error ends with the reason `error`; some
 * versions and packages end it with an uninformative reason and no output tokens.
 */
export function isBrokenOff(finishReason: string | undefined, usage: TokenUsage | undefined): boolean {
  if (finishReason === 'error') return true
  return (finishReason === 'unknown' || finishReason === 'other') && (usage?.outputTokens ?? 0) === 0
}

/**
 * Reads status, exception events and finish reason. A span without an error and without the finish reason that its kind
 * always has was broken off: AI SDKs end the spans of an aborted stream without a status.
 */
export function outcomeOf(span: SpanLike, finishReason: string | undefined, alwaysFinishes: boolean): Outcome {
  const exception = span.events.find((event) => event.name === 'exception')?.attributes
  const type = textOf(exception?.['exception.type'])
  const errorMessage = textOf(exception?.['exception.message']) ?? textOf(span.status.message)
  const httpStatus = httpStatusOf(span.attributes[CORE.httpStatus])
  const named = textOf(span.attributes[CORE.errorType])
  if (span.status.code === STATUS_ERROR || named !== undefined) {
    const errorType = named ?? type ?? (httpStatus === undefined ? '_OTHER' : String(httpStatus))
    return { status: ABORTS.has(errorType) ? 'aborted' : 'error', errorType, errorMessage, httpStatus }
  }
  // Versions 4 to 6 leave the status unset when the stream itself carried the error.
  if (finishReason === 'error') return { status: 'error', errorType: type ?? '_OTHER', errorMessage, httpStatus }
  if (alwaysFinishes && finishReason === undefined) return { status: 'aborted', httpStatus }
  return { status: 'ok', httpStatus }
}
