import type { CallColumn } from '@spanledger/core'

/** One value, or several of which any will do; `null` asks for calls where it is unknown. */
export type FilterValue = string | null | readonly (string | null)[]

/** Which calls a question is about: every condition that is given must hold. */
export interface CallFilter {
  /** Calls that started at this time or later, epoch milliseconds. */
  readonly from?: number | undefined
  /** Calls that started before this time, epoch milliseconds. */
  readonly to?: number | undefined
  /** The IANA time zone whose days a grouping by day means; UTC if none is given. It does not move `from` and `to`. */
  readonly tz?: string | undefined
  readonly model?: FilterValue | undefined
  readonly provider?: FilterValue | undefined
  readonly operation?: FilterValue | undefined
  readonly callType?: FilterValue | undefined
  readonly project?: FilterValue | undefined
  readonly user?: FilterValue | undefined
  readonly session?: FilterValue | undefined
  readonly company?: FilterValue | undefined
  readonly task?: FilterValue | undefined
  readonly trace?: FilterValue | undefined
  /** Calls that have at least one of these tags; `null` asks for calls without any. */
  readonly tag?: FilterValue | undefined
  readonly service?: FilterValue | undefined
  readonly environment?: FilterValue | undefined
  readonly kind?: FilterValue | undefined
  readonly status?: FilterValue | undefined
  readonly tool?: FilterValue | undefined
}

/** The filters that compare one column, and the groupings that are one. */
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
} as const satisfies Readonly<Record<string, CallColumn>>

/** A filter that compares one column. */
export type ColumnFilter = keyof typeof FILTER_COLUMNS

/** What calls can be grouped by: a filter's name, or the day in the filter's time zone. */
export type Grouping = ColumnFilter | 'tag' | 'day'

/** Every filter that compares one column. */
export const COLUMN_FILTERS = Object.keys(FILTER_COLUMNS) as readonly ColumnFilter[] // its keys are those names

/** Every grouping, for whoever reads one from outside. */
export const GROUPINGS: readonly Grouping[] = [...COLUMN_FILTERS, 'tag', 'day']
