import { type CallFilter, FILTER_NAMES, type FilterValue, RANGE_NAMES, type RangeName } from '@spanledger/store'
import type { ApiQuery } from './server-api.ts'

// The API has USD where the store has nano-USD.
const UNITS: { readonly [Name in RangeName]: number } = { duration: 1, cost: 1e9, tokens: 1 }

/** A filter as parameters of the API. */
export function filterQuery(filter: CallFilter): ApiQuery {
  const { except = {}, metadata = {}, from, to, tz } = filter
  const values = FILTER_NAMES.map((name) => [name, filter[name]] as const)
  const excluded = FILTER_NAMES.map((name) => [withPrefix('not', name), except[name]] as const)
  const ranges = RANGE_NAMES.flatMap((name) => {
    const { from: least, to: most } = filter[name] ?? {}
    const unit = UNITS[name]
    return [
      [withPrefix('min', name), least === undefined ? undefined : least / unit],
      [withPrefix('max', name), most === undefined ? undefined : most / unit],
    ] as const
  })
  return { from, to, tz, ...Object.fromEntries([...values, ...excluded, ...ranges]), metadata: entriesOf(metadata) }
}

function entriesOf(metadata: Readonly<Record<string, FilterValue>>): readonly string[] {
  return Object.entries(metadata).flatMap(([key, value]) => [value].flat().map((one) => `${key}=${one ?? ''}`))
}

function withPrefix(prefix: string, name: string): string {
  return `${prefix}${name[0]?.toUpperCase()}${name.slice(1)}`
}
