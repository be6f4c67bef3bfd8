import {
  type CallFilter,
  FILTER_COLUMNS,
  FILTER_NAMES,
  type FilterName,
  type FilterValue,
  type NumberRange,
  RANGE_COLUMNS,
  RANGE_NAMES,
  type StoredCall,
} from '@spanledger/store'

type KnownOfCall = Exclude<FilterName, 'usedTool'>

// Which tools a run uses is not known from one call.
const KNOWN = FILTER_NAMES.filter((name): name is KnownOfCall => name !== 'usedTool')

/** Returns whether a call matches a filter without `usedTool`, without the database. */
export function matchesCall(call: StoredCall, filter: CallFilter): boolean {
  if (filter.from !== undefined && call.started_at < filter.from) return false
  if (filter.to !== undefined && call.started_at >= filter.to) return false
  const { except = {}, metadata = {} } = filter
  return (
    KNOWN.every((name) => isAnyOf(filter[name], valuesOf(call, name))) &&
    KNOWN.every((name) => except[name] === undefined || !isAnyOf(except[name], valuesOf(call, name))) &&
    RANGE_NAMES.every((name) => isIn(filter[name], call[RANGE_COLUMNS[name]])) &&
    Object.entries(metadata).every(([key, value]) => isAnyOf(value, entriesOf(call, key)))
  )
}

function valuesOf(call: StoredCall, name: KnownOfCall): readonly (string | null)[] {
  // A failed call has no answer that names its model.
  if (name === 'model') return [call.model ?? call.request_model]
  if (name !== 'tag') return [call[FILTER_COLUMNS[name]]]
  return call.tags === null || call.tags.length === 0 ? [null] : call.tags
}

function isAnyOf(wanted: FilterValue | undefined, values: readonly (string | null)[]): boolean {
  if (wanted === undefined) return true
  const accepted = new Set([wanted].flat())
  return values.some((value) => accepted.has(value))
}

function isIn(range: NumberRange | undefined, value: number | null): boolean {
  if (range === undefined) return true
  return value !== null && value >= (range.from ?? -Infinity) && value <= (range.to ?? Infinity)
}

// No text equals a list, an object or null.
function entriesOf({ metadata }: StoredCall, key: string): readonly (string | null)[] {
  if (metadata === null || !Object.hasOwn(metadata, key)) return [null]
  const value = metadata[key]
  return value === null || typeof value === 'object' ? [] : [String(value)]
}
