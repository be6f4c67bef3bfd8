import {
  type CallFilter,
  COLUMN_FILTERS,
  type ColumnFilter,
  FILTER_COLUMNS,
  type FilterValue,
  type StoredCall,
} from '@spanledger/store'

/** Returns whether a call matches a filter, without the database. */
export function matchesCall(call: StoredCall, filter: CallFilter): boolean {
  if (filter.from !== undefined && call.started_at < filter.from) return false
  if (filter.to !== undefined && call.started_at >= filter.to) return false
  return (
    COLUMN_FILTERS.every((name) => isAnyOf(filter[name], [valueOf(call, name)])) &&
    isAnyOf(filter.tag, call.tags === null || call.tags.length === 0 ? [null] : call.tags)
  )
}

// A failed call has no answer that names its model.
function valueOf(call: StoredCall, name: ColumnFilter): string | null {
  return name === 'model' ? (call.model ?? call.request_model) : call[FILTER_COLUMNS[name]]
}

function isAnyOf(wanted: FilterValue | undefined, values: readonly (string | null)[]): boolean {
  if (wanted === undefined) return true
  const accepted = new Set([wanted].flat())
  return values.some((value) => accepted.has(value))
}
