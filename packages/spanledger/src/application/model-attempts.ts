import { type Span, SpanStatusCode, trace } from '@opentelemetry/api'
import { isError } from '@spanledger/core'

/**
 * The attempts of AI SDK 7 at a provider call. The SDK repeats a failed one below its telemetry, which then shows one
 * span for all of them, or leaves that of the failed attempt without an end.
 */
export interface ModelAttempts {
  /** The same operation asks again: ends the span of the attempt that failed before. False if there is none. */
  endFailed(callId: string): boolean
  /**
   * Runs an attempt, and remembers the active span if it fails. `outside` was active around the attempt: if it still is,
   * the attempt has no span of its own.
   */
  observe(callId: string, run: () => unknown, outside: Span | undefined): unknown
  /** The operation has ended, and with it the span of its last attempt. */
  forget(callId: string): void
}

interface FailedAttempt {
  readonly span: Span
  readonly error: unknown
  readonly endedAt: number
}

/** Makes an observer without attempts. */
export function createModelAttempts(): ModelAttempts {
  const failed = new Map<string, FailedAttempt>()
  return {
    endFailed(callId) {
      const attempt = failed.get(callId)
      if (attempt === undefined) return false
      failed.delete(callId)
      noteError(attempt)
      attempt.span.end(attempt.endedAt)
      return true
    },
    observe(callId, run, outside) {
      const span = trace.getActiveSpan()
      const result = run()
      if (span !== undefined && span !== outside) {
        Promise.resolve(result).catch((error: unknown) => {
          noteHttpStatus(span, error)
          failed.set(callId, { span, error, endedAt: Date.now() })
        })
      }
      return result
    },
    forget: (callId) => void failed.delete(callId),
  }
}

function noteError({ span, error }: FailedAttempt): void {
  const { name, message } = isError(error) ? error : { name: '_OTHER', message: undefined }
  span.setAttribute('error.type', name)
  if (isError(error)) span.recordException(error)
  span.setStatus({ code: SpanStatusCode.ERROR, ...(message === undefined ? {} : { message }) })
}

// The error of a provider's answer, in every package of the AI SDK.
function noteHttpStatus(span: Span, error: unknown): void {
  const { statusCode } = (error ?? {}) as { readonly statusCode?: unknown } // read only
  if (typeof statusCode === 'number') span.setAttribute('http.response.status_code', statusCode)
}
