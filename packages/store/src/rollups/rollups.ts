import { DAY_MS } from '@spanledger/core/time'
import type { FilterName } from '../calls/call-filter.ts'
import { type SumName, SUM_NAMES } from '../sums/usage-sums.ts'
import { QUARTER_MS } from '../sums/zone-offsets.ts'

/** A table of sums over calls: a row for each time bucket and combination of dimension values. */
export interface Rollup {
  readonly table: string
  /** The dimensions besides time, in the order of the primary key. */
  readonly dimensions: readonly RollupDimension[]
  /** The width of a time bucket: 15 minutes, an hour, or a UTC day. */
  readonly widthMs: number
  /** Whether a row also holds histograms of durations. */
  readonly hasHistograms: boolean
}

/** A dimension of a rollup. A call counts under each of its tags. */
export type RollupDimension = Exclude<FilterName, 'trace' | 'usedTool'>

/** The durations with a histogram, as columns of rollups and of calls. */
export const HISTOGRAMS = {
  duration: { column: 'duration_bins', callColumn: 'duration_ms', ofTools: false },
  timeToFirstToken: { column: 'first_token_bins', callColumn: 'time_to_first_token_ms', ofTools: false },
  toolDuration: { column: 'tool_duration_bins', callColumn: 'duration_ms', ofTools: true },
} as const

/** The name of a duration with a histogram. */
export type HistogramName = keyof typeof HISTOGRAMS

/** Every histogram, in the order of the columns. */
export const HISTOGRAM_NAMES = Object.keys(HISTOGRAMS) as readonly HistogramName[] // `HistogramName` is their type

/** An hour: the offset of most time zones is a multiple of it. */
export const HOUR_MS = 3_600_000

/** The rollups of the first schema version. Part of the schema: never change them. */
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

/** The hourly rollups, added by a later version. Part of the schema: never change them. */
export const HOUR_ROLLUPS: readonly Rollup[] = FIRST_ROLLUPS.filter(({ widthMs }) => widthMs === QUARTER_MS).map(
  hoursOf,
)

/**
 * The rollups by model, added by a later version: which model answered which requested id, and whether it did. Part of the
 * schema: never change them.
 */
export const ANSWER_ROLLUPS: readonly Rollup[] = [
  ...daysAndQuarters('_by_answer', ['model', 'requestedModel', 'provider', 'status']),
].flatMap((rollup) => (rollup.widthMs === QUARTER_MS ? [rollup, hoursOf(rollup)] : [rollup]))

/**
 * Every rollup. Each has few related dimensions and therefore few rows; with all dimensions at once there would be
 * as many rows as calls. So rollups answer queries that filter and group by these dimensions, and all other queries read
 * calls. Daily rollups serve long ranges; hourly ones charts and the days of most time zones; 15-minute ones the other
 * zones and the ends of a range. Users, conversations and tasks are too many for hourly and 15-minute rollups.
 */
export const ROLLUPS: readonly Rollup[] = [...FIRST_ROLLUPS, ...HOUR_ROLLUPS, ...ANSWER_ROLLUPS]

/** The column of a dimension. NULL cannot be part of a key, so values have the prefix `=`, and NULL is the empty text. */
export function rollupColumn(dimension: RollupDimension): string {
  return `${dimension.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}_key`
}

/** A value as stored in such a column. */
export function toRollupKey(value: string | null): string {
  return value === null ? '' : `=${value}`
}

/** The value stored in such a column. */
export function fromRollupKey(key: string): string | null {
  return key === '' ? null : key.slice(1)
}

/** The columns that identify a row. Connections may use different shards, so that they do not wait for each other. */
export function keyColumnsOf(rollup: Rollup): string[] {
  return ['bucket_start', ...rollup.dimensions.map(rollupColumn), 'shard']
}

/** The columns of a rollup that are summed. */
export function sumColumnsOf(rollup: Rollup): { readonly sums: readonly SumName[]; readonly histograms: string[] } {
  const histograms = rollup.hasHistograms ? HISTOGRAM_NAMES.map((name) => HISTOGRAMS[name].column) : []
  return { sums: SUM_NAMES, histograms }
}

function daysAndQuarters(name: string, dimensions: readonly RollupDimension[]): Rollup[] {
  const quarters = { table: `rollup_quarters${name}`, dimensions, widthMs: QUARTER_MS, hasHistograms: false }
  return [days(name, dimensions), quarters]
}

function hoursOf(quarters: Rollup): Rollup {
  return { ...quarters, table: quarters.table.replace('quarters', 'hours'), widthMs: HOUR_MS }
}

function days(name: string, dimensions: readonly RollupDimension[]): Rollup {
  return { table: `rollup_days${name}`, dimensions, widthMs: DAY_MS, hasHistograms: true }
}
