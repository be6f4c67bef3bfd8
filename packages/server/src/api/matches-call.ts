import { type CallFilter, COLUMN_FILTERS, FILTER_COLUMNS, type FilterValue, type StoredCall } from '@spanledger/store'

/** Returns whether a call matches a filter, without the database. */
export function matchesCall(call: StoredCall, filter: CallFilter): boolean {
  if (filter.from !== undefined && call.started_at < filter.from) return false
  if (filter.to !== undefined && call.started_at >= filter.to) return false
  return (
    COLUMN_FILTERS.every((name) => isAnyOf(filter[name], [call[FILTER_COLUMNS[name]]])) &&
    isAnyOf(filter.tag, call.tags === null || call.tags.length === 0 ? [null] : call.tags)
  )
}

function isAnyOf(wanted: FilterValue | undefined, values: readonly (string | null)[]): boolean {
  if (wanted === undefined) return true
  const accepted = new Set([wanted].flat())
  return values.some((value) => accepted.has(value))
}
