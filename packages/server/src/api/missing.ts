import { HttpError } from '../http/http-error.ts'

/** Refuses an unknown id. */
export function missing(what: string, hint: string): HttpError {
  return new HttpError(`Unknown ${what}`, { status: 404, code: 'not_found', field: 'id', hint })
}
