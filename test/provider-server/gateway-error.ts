import type { JsonObject } from './json.ts'

const TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'forbidden',
  404: 'model_not_found',
  424: 'failed_dependency',
  429: 'rate_limit_exceeded',
}

/** The body of a Vercel AI Gateway error. */
export function gatewayError(status: number, message: string): JsonObject {
  const type = TYPES[status] ?? (status < 500 ? 'invalid_request_error' : 'internal_server_error')
  return { error: { message, type, param: null, code: type } }
}
