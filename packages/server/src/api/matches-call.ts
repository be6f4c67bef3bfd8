import type { CallColumn } from '@spanledger/core'
import {
  type CallFilter,
  COLUMN_FILTERS,
  type ColumnFilter,
  type FilterValue,
  type StoredCall,
} from '@spanledger/store'

const COLUMNS = {
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
} as const satisfies Readonly<Record<ColumnFilter, CallColumn>>

/** Whether a call is one of a filter, told without the database. */
export function matchesCall(call: StoredCall, filter: CallFilter): boolean {
  if (filter.from !== undefined && call.started_at < filter.from) return false
  if (filter.to !== undefined && call.started_at >= filter.to) return false
  return (
    COLUMN_FILTERS.every((name) => isAnyOf(filter[name], [call[COLUMNS[name]]])) &&
    isAnyOf(filter.tag, call.tags === null || call.tags.length === 0 ? [null] : call.tags)
  )
}

function isAnyOf(wanted: FilterValue | undefined, values: readonly (string | null)[]): boolean {
  if (wanted === undefined) return true
  const accepted = new Set([wanted].flat())
  return values.some((value) => accepted.has(value))
}
