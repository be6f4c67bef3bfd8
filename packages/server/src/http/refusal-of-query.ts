import type { QueryError } from '@spanledger/store'
import { HttpError } from './http-error.ts'

/** Turns a query error of the store into a refusal. */
export function refusalOfQuery(error: QueryError): HttpError {
  const { problem, field, hint } = error
  return new HttpError(problem, {
    status: 400,
    code: 'invalid_value',
    field,
    hint: hint.charAt(0).toUpperCase() + hint.slice(1),
    cause: error,
  })
}
