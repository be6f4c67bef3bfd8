import { exclusionOf, isMeasure, METADATA, rangeEndsOf, VALUE_FILTERS } from './filters.ts'

/** Parameters of the URL with the values to add. */
export type AddedFilters = readonly (readonly [parameter: string, value: string])[]

/**
 * Reads a filter that is typed in one line: `user:heidi`, `user:-heidi` (not that user), `metadata:tier=gold`, and
 * `cost:0.01..0.5` with either end left out. Undefined if it is none.
 */
export function parseTypedFilter(text: string): AddedFilters | undefined {
  const colon = text.indexOf(':')
  if (colon === -1) return undefined
  const typed = text.slice(0, colon).trim().toLowerCase()
  const value = text.slice(colon + 1).trim()
  const name = [...Object.keys(VALUE_FILTERS), METADATA].find((known) => known.toLowerCase() === typed)
  if (name !== undefined) return addedTo(name, value)
  return isMeasure(typed) ? rangeOf(typed, value) : undefined
}

/** Adds a typed value to a filter; a minus in front leaves out the calls with that value. */
export function addedTo(name: string, value: string): AddedFilters | undefined {
  if (name === METADATA) return value.indexOf('=') > 0 ? [[METADATA, value]] : undefined
  return value.startsWith('-') && value !== '-' ? [[exclusionOf(name), value.slice(1)]] : [[name, value]]
}

function rangeOf(measure: Parameters<typeof rangeEndsOf>[0], text: string): AddedFilters | undefined {
  const [from = '', to = from] = text.split('..').map((end) => end.trim())
  const { min, max } = rangeEndsOf(measure)
  const ends = [
    [min, from],
    [max, to],
  ] as const
  const given = ends.filter(([, value]) => value !== '')
  return given.length > 0 && given.every(([, value]) => Number(value) >= 0) ? given : undefined
}
