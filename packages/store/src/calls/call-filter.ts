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

type ValueFilter = { readonly [Name in FilterName]?: FilterValue | undefined }

/**
 * Selects calls; all given conditions must hold. `tag` matches calls with at least one of the tags, and `null` calls
 * without tags. `usedTool` matches every call of a run in which one of these tools was called, that is of a trace with such
 * a tool row. The other names compare their column. A call whose answer names no model matches `model` by the only
 * model that answered the same requested id in the time range, or else by the requested id.
 */
export interface CallFilter extends ValueFilter {
  /** Calls that started at this time or later, epoch milliseconds. */
  readonly from?: number | undefined
  /** Calls that started before this time, epoch milliseconds. */
  readonly to?: number | undefined
  /** The IANA time zone of days and buckets; UTC by default. It does not change `from` and `to`. */
  readonly tz?: string | undefined
}

/** A filter as queries compare it. */
export interface ResolvedFilter extends CallFilter {
  /** The models under which calls without an answer count; the requested ids if it is missing. */
  readonly answeredAs?: AnsweredAs | undefined
}

/** What calls can be grouped by: a filter's name, or the day in the filter's time zone. */
export type Grouping = Exclude<FilterName, 'usedTool'> | 'day'

/** Every filter that compares one column. */
export const COLUMN_FILTERS = Object.keys(FILTER_COLUMNS) as readonly ColumnFilter[] // `ColumnFilter` is their type

/** Every filter by value. */
export const FILTER_NAMES: readonly FilterName[] = [...COLUMN_FILTERS, 'tag', 'usedTool']

/** Every grouping, for code that checks input. */
export const GROUPINGS: readonly Grouping[] = [...COLUMN_FILTERS, 'tag', 'day']
