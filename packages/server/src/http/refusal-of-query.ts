import type { QueryError } from '@spanledger/store'
import { HttpError } from './http-error.ts'

/** Turns a query error of the store into a refusal. */
export function refusalOfQuery(error: QueryError): HttpError {
  const { code, problem, field, hint } = error
  // A cursor is any text, which an answer must not repeat.
  return new HttpError(code === 'unknown_cursor' ? 'cursor must be a cursor from this server' : problem, {
    status: 400,
    code: 'invalid_value',
    field,
    hint: hint.charAt(0).toUpperCase() + hint.slice(1),
    cause: error,
  })
}
