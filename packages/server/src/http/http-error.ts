import type { ContentfulStatusCode } from 'hono/utils/http-status'

/** What an error answer says beside its message. */
export interface HttpErrorDetails {
  readonly status: ContentfulStatusCode
  /** A word for programs, such as `invalid_value`. */
  readonly code: string
  /** The part of the request that is wrong. */
  readonly field?: string | undefined
  /** What would work. */
  readonly hint?: string | undefined
  /** After how many seconds the same request may work. */
  readonly retryAfterSeconds?: number | undefined
  readonly cause?: unknown
}

/** A request that is refused. Thrown anywhere below the app, it becomes the answer; its message is shown to the caller. */
export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly details: HttpErrorDetails

  constructor(message: string, details: HttpErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.details = details
  }
}

/** The body of every error answer but those of `/v1/traces`. */
export interface ErrorBody {
  readonly error: {
    readonly code: string
    readonly field: string | null
    readonly message: string
    readonly hint: string | null
  }
}

/** What the caller is told. */
export function errorBody({ message, details }: HttpError): ErrorBody {
  return { error: { code: details.code, field: details.field ?? null, message, hint: details.hint ?? null } }
}
