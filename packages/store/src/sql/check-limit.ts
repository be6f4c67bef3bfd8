import { QueryError } from '../query-error.ts'

/** Throws a `QueryError` for a number of rows that no page has. */
export function checkLimit(limit: number, max: number, what: string): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > max) {
    throw new QueryError(`A page of ${limit} ${what} is not possible`, {
      code: 'out_of_range',
      field: 'limit',
      hint: `ask for 1 to ${max}`,
    })
  }
}
