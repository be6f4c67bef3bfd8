import type { ContentfulStatusCode } from 'hono/utils/http-status'

/** What an error answer contains besides its message. */
export interface HttpErrorDetails {
  readonly status: ContentfulStatusCode
  /** Machine-readable code, such as `invalid_value`. */
  readonly code: string
  /** The part of the request that is wrong. */
  readonly field?: string | undefined
  /** What would work. */
  readonly hint?: string | undefined
  /** Seconds after which a retry may succeed. */
  readonly retryAfterSeconds?: number | undefined
  readonly cause?: unknown
}

/** Refuses a request. The app turns it into an error answer that contains its message. */
export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly details: HttpErrorDetails

  constructor(message: string, details: HttpErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.details = details
  }
}

/** The body of every error answer, except those of `/v1/traces`. */
export interface ErrorBody {
  readonly error: {
    readonly code: string
    readonly field: string | null
    readonly message: string
    readonly hint: string | null
  }
}

/** Returns the answer body for an error. */
export function errorBody({ message, details }: HttpError): ErrorBody {
  return { error: { code: details.code, field: details.field ?? null, message, hint: details.hint ?? null } }
}
