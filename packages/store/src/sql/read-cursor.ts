import { QueryError } from '../query-error.ts'

const LONGEST_SHOWN = 60

/** The error for a cursor that does not come from a page of this query. */
export function unknownCursor(cursor: string): QueryError {
  const shown = cursor.length > LONGEST_SHOWN ? `${cursor.slice(0, LONGEST_SHOWN).toWellFormed()}…` : cursor
  return new QueryError(`Unknown cursor ${JSON.stringify(shown)}`, {
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
