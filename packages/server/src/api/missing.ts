import { HttpError } from '../http/http-error.ts'

/** Nothing is there under this id. */
export function missing(what: string, hint: string): HttpError {
  return new HttpError(`There is no such ${what}`, { status: 404, code: 'not_found', field: 'id', hint })
}
