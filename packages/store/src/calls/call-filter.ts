import type { CallColumn } from '@spanledger/core'
import type { AnsweredAs } from './model-key.ts'

/** A value, or a list of which one must match. `null` matches calls whose value is unknown. */
export type FilterValue = string | null | readonly (string | null)[]

/** The filters and groupings that use one column, with its name. */
export const FILTER_COLUMNS = {
  model: 'model',
  provider: 'provider',
  operation: 'operation',
  callType: 'call_type',
  project: 'project_id',
  user: 'user_id',
  session: 'session_id',
  company: 'company_id',
  task: 'task_id',
  trace: 'trace_id',
  service: 'service_name',
  environment: 'environment',
  kind: 'kind',
  status: 'status',
  tool: 'tool_name',
  requestedModel: 'request_model',
} as const satisfies Readonly<Record<string, CallColumn>>

/** A filter that compares one column. */
export type ColumnFilter = keyof typeof FILTER_COLUMNS

/** A filter by value. A name added to `FILTER_COLUMNS` does not compile until the API, the command and the page know it. */
export type FilterName = ColumnFilter | 'tag' | 'usedTool'

/** A condition for each of some filters by value. */
export type ValueFilter = { readonly [Name in FilterName]?: FilterValue | undefined }

/** Numbers from one to another, both included; unbounded on a side that is missing. */
export interface NumberRange {
  readonly from?: number | undefined
  readonly to?: number | undefined
}

/**
 * The columns that are filtered by a range, by the filter's name. A name added here does not compile until the API, the
 * command and the page know it.
 */
export const RANGE_COLUMNS = {
  duration: 'duration_ms',
  cost: 'cost_nano_usd',
  tokens: 'total_tokens',
} as const satisfies Readonly<Record<string, CallColumn>>

/** A filter by a range, in the unit of its column. A call whose number is unknown is in no range. */
export type RangeName = keyof typeof RANGE_COLUMNS

type RangeFilter = { readonly [Name in RangeName]?: NumberRange | undefined }

/** Every filter by a range. */
export const RANGE_NAMES = Object.keys(RANGE_COLUMNS) as readonly RangeName[] // `RangeName` is their type

/**
 * Selects calls; all given conditions must hold. `tag` matches calls with at least one of the tags, and `null` calls
 * without tags. `usedTool` matches every call of a run in which one of these tools was called, that is of a trace with such
 * a tool row. The other names compare their column. A call whose answer names no model matches `model` by the only
 * model that answered the same requested id in the time range, or else by the requested id.
 */
export interface CallFilter extends ValueFilter, RangeFilter {
  /** Calls that started at this time or later, epoch milliseconds. */
  readonly from?: number | undefined
  /** Calls that started before this time, epoch milliseconds. */
  readonly to?: number | undefined
  /** Leaves out calls that match any of these. Calls whose value is unknown stay, unless `null` is among the values. */
  readonly except?: ValueFilter | undefined
  /**
   * Calls with this metadata: for each key a text, one of several, or `null` for calls without the key. Numbers and
   * booleans are compared as text, such as `3` and `true`.
   */
  readonly metadata?: Readonly<Record<string, FilterValue>> | undefined
  /** The IANA time zone of days and buckets; UTC by default. It does not change `from` and `to`. */
  readonly tz?: string | undefined
}

/** A filter as queries compare it. */
export interface ResolvedFilter extends CallFilter {
  /** The models under which calls without an answer count; the requested ids if it is missing. */
  readonly answeredAs?: AnsweredAs | undefined
}

/** True if the sums of a filter can be read only from the calls themselves: rollups know values, but nothing else. */
export function needsCalls(filter: CallFilter): boolean {
  return (
    filter.except !== undefined ||
    filter.metadata !== undefined ||
    RANGE_NAMES.some((name) => filter[name] !== undefined)
  )
}

/** What calls can be grouped by: a filter's name, or the day in the filter's time zone. */
export type Grouping = Exclude<FilterName, 'usedTool'> | 'day'

/** Every filter that compares one column. */
export const COLUMN_FILTERS = Object.keys(FILTER_COLUMNS) as readonly ColumnFilter[] // `ColumnFilter` is their type

/** Every filter by value. */
export const FILTER_NAMES: readonly FilterName[] = [...COLUMN_FILTERS, 'tag', 'usedTool']

/** Every grouping, for code that checks input. */
export const GROUPINGS: readonly Grouping[] = [...COLUMN_FILTERS, 'tag', 'day']
