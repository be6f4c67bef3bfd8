import type { JsonObject } from './json.ts'

const CODES: Readonly<Record<number, string>> = {
  400: 'Client specified an invalid argument',
  401: 'The request does not have valid authentication credentials',
  403: 'The caller does not have permission to execute the specified operation',
  404: 'Some requested entity was not found',
  429: 'Some resource has been exhausted',
  503: 'The service is currently unavailable',
}

/** The body of an xAI error: the kind of error in words, and the message where others have an object. */
export function xaiError(status: number, message: string): JsonObject {
  return { code: CODES[status] ?? 'Internal error', error: message }
}
