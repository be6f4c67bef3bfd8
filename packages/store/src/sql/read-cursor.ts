import { QueryError } from '../query-error.ts'

/**
 * The error for a cursor that does not come from a page of this query. Nobody writes cursors by hand, so the message does
 * not repeat the value, and an answer of the API does not reflect it.
 */
export function unknownCursor(): QueryError {
  return new QueryError('Unknown cursor', {
    code: 'unknown_cursor',
    field: 'cursor',
    hint: 'pass the "next" of the previous page unchanged, with the same sort and order',
  })
}

/** The whole number in a part of a cursor; undefined if an integer column cannot hold it. */
export function wholeNumberOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,16}$/.test(text)) return undefined
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : undefined
}
