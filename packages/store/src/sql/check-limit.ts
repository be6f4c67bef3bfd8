import { QueryError } from '../query-error.ts'

/** Throws a `QueryError` unless a page can have this many rows. */
export function checkLimit(limit: number, max: number, what: string): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > max) {
    throw new QueryError(`A page of ${limit} ${what} is not possible`, {
      code: 'out_of_range',
      field: 'limit',
      hint: `ask for 1 to ${max}`,
    })
  }
}
