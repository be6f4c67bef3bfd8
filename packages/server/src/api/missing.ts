import { HttpError } from '../http/http-error.ts'

/** The refusal of an id that nothing is stored under. */
export function missing(what: string, hint: string): HttpError {
  return new HttpError(`Unknown ${what}`, { status: 404, code: 'not_found', field: 'id', hint })
}
