export {
  type Budget,
  BUDGET_PERIODS,
  type BudgetPeriod,
  type BudgetState,
  type BudgetWarning,
} from './budgets/budget.ts'
export type { BudgetScope } from './budgets/budget-scope.ts'
export {
  type CallFilter,
  FILTER_COLUMNS,
  FILTER_NAMES,
  type ColumnFilter,
  type FilterName,
  type FilterValue,
  type Grouping,
  GROUPINGS,
  type NumberRange,
  RANGE_COLUMNS,
  RANGE_NAMES,
  type RangeName,
  type ValueFilter,
} from './calls/call-filter.ts'
export type { StoredCall } from './calls/call-row.ts'
export { CALL_SORTS, type CallPage, type CallPageRequest } from './calls/paging.ts'
export type { RepricedCall } from './calls/repriced-call.ts'
export { type RejectedCall, WRITE_BATCH_SIZE, type WriteResult } from './calls/writing.ts'
export type { EventFilter } from './events/event.ts'
export type { NewSavedView, SavedView } from './views/saved-view.ts'
export { openStore, type OpenStoreOptions } from './open-store.ts'
export type { UnpricedModel } from './prices/repricing.ts'
export type { Project } from './projects/project.ts'
export { QueryError } from './query-error.ts'
export type { RollupCheck } from './rollups/rollup-difference.ts'
export type { Session, SessionSummary, SessionTurn } from './sessions/session.ts'
export type { StepLink } from './steps/step-link.ts'
export type { Store } from './store.ts'
export { BUCKET_SIZES, type BucketSize } from './sums/time-bucket.ts'
export type { UsageRow, UsageSummary, UsageTotals } from './sums/usage-totals.ts'
export type { Trace, TraceNode, TraceSummary } from './traces/trace.ts'
export type { TwinCalls } from './traces/twin-calls.ts'
export type { PruneOptions, PruneProgress } from './upkeep/retention.ts'
export type { TimeseriesGroup } from './usage/timeseries.ts'
export type { ToolStats } from './usage/tools.ts'
