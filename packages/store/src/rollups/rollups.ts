import { DAY_MS } from '@spanledger/core/time'
import type { FilterName } from '../calls/call-filter.ts'
import { type SumName, SUM_NAMES } from '../sums/usage-sums.ts'
import { QUARTER_MS } from '../sums/zone-offsets.ts'

/** A table that holds sums over calls: a row for each stretch of time and each of the values that its calls have. */
export interface Rollup {
  readonly table: string
  /** What a row stands for besides its time, in the order of the primary key. */
  readonly dimensions: readonly RollupDimension[]
  /** How long the time of a row is: a quarter of an hour, an hour, or a day in UTC. */
  readonly widthMs: number
  /** Whether a row also holds how long its calls took. */
  readonly hasHistograms: boolean
}

/** What a rollup tells calls apart by. A call counts under each of its tags. */
export type RollupDimension = Exclude<FilterName, 'trace'>

/** The durations that are kept as histograms, as columns of a rollup and of calls. */
export const HISTOGRAMS = {
  duration: { column: 'duration_bins', callColumn: 'duration_ms', ofTools: false },
  timeToFirstToken: { column: 'first_token_bins', callColumn: 'time_to_first_token_ms', ofTools: false },
  toolDuration: { column: 'tool_duration_bins', callColumn: 'duration_ms', ofTools: true },
} as const

/** A duration that is kept as a histogram. */
export type HistogramName = keyof typeof HISTOGRAMS

/** Every histogram, in the order of the columns. */
export const HISTOGRAM_NAMES = Object.keys(HISTOGRAMS) as readonly HistogramName[] // its keys are those names

/** A day in UTC. */

/** An hour: the clocks of most zones differ from UTC by whole ones. */
export const HOUR_MS = 3_600_000

/** Those that are there since there are rollups. Part of the schema: never changed. */
export const FIRST_ROLLUPS: readonly Rollup[] = [
  ...daysAndQuarters('', []),
  ...daysAndQuarters('_by_model', ['model', 'provider']),
  ...daysAndQuarters('_by_operation', ['operation', 'callType']),
  ...daysAndQuarters('_by_project', ['project']),
  ...daysAndQuarters('_by_service', ['service', 'environment']),
  ...daysAndQuarters('_by_outcome', ['kind', 'status']),
  ...daysAndQuarters('_by_tool', ['tool', 'status']),
  ...daysAndQuarters('_by_tag', ['tag']),
  days('_by_user', ['user']),
  days('_by_session', ['session']),
  days('_by_task', ['company', 'task']),
]

/** What the quarters of an hour come to by hours; they came later. Part of the schema: never changed. */
export const HOUR_ROLLUPS: readonly Rollup[] = FIRST_ROLLUPS.filter(({ widthMs }) => widthMs === QUARTER_MS).map(
  (quarters) => ({ ...quarters, table: quarters.table.replace('quarters', 'hours'), widthMs: HOUR_MS }),
)

/**
 * Every rollup. Each tells calls apart by little, so that it has few rows however calls are spread: by everything at once
 * there would be as many rows as calls. So they answer questions that filter and group by one thing (or two that belong
 * together), and all others go through the calls of their time. Days are for months; hours for charts and the days of
 * most zones; quarters of an hour for the other zones and the ends of a range. Users and conversations are too many for
 * either.
 */
export const ROLLUPS: readonly Rollup[] = [...FIRST_ROLLUPS, ...HOUR_ROLLUPS]

/** A dimension's column in a rollup. NULL cannot be part of a key, so a value has a `=` before it and NULL is empty. */
export function rollupColumn(dimension: RollupDimension): string {
  return `${dimension.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}_key`
}

/** A value as it stands in such a column. */
export function toRollupKey(value: string | null): string {
  return value === null ? '' : `=${value}`
}

/** The value that stands in such a column. */
export function fromRollupKey(key: string): string | null {
  return key === '' ? null : key.slice(1)
}

/** The columns of a rollup's primary key. Some connections have a shard of their own, so as not to wait for each other. */
export function keyColumnsOf(rollup: Rollup): string[] {
  return ['bucket_start', ...rollup.dimensions.map(rollupColumn), 'shard']
}

/** The columns of a rollup that are added to. */
export function sumColumnsOf(rollup: Rollup): { readonly sums: readonly SumName[]; readonly histograms: string[] } {
  const histograms = rollup.hasHistograms ? HISTOGRAM_NAMES.map((name) => HISTOGRAMS[name].column) : []
  return { sums: SUM_NAMES, histograms }
}

function daysAndQuarters(name: string, dimensions: readonly RollupDimension[]): Rollup[] {
  const quarters = { table: `rollup_quarters${name}`, dimensions, widthMs: QUARTER_MS, hasHistograms: false }
  return [days(name, dimensions), quarters]
}

function days(name: string, dimensions: readonly RollupDimension[]): Rollup {
  return { table: `rollup_days${name}`, dimensions, widthMs: DAY_MS, hasHistograms: true }
}
