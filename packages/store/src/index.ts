export {
  type Budget,
  BUDGET_PERIODS,
  type BudgetPeriod,
  type BudgetState,
  type BudgetWarning,
  type NewBudget,
  type PeriodWarning,
} from './budgets/budget.ts'
export type { BudgetScope } from './budgets/budget-scope.ts'
export type { BudgetStore } from './budgets/budget-store.ts'
export {
  type CallFilter,
  COLUMN_FILTERS,
  type ColumnFilter,
  FILTER_COLUMNS,
  FILTER_NAMES,
  type FilterName,
  type FilterValue,
  type Grouping,
  GROUPINGS,
} from './calls/call-filter.ts'
export type { StoredCall } from './calls/call-row.ts'
export type { CallStore } from './calls/call-store.ts'
export type { LiveCalls } from './calls/live-calls.ts'
export {
  CALL_SORTS,
  type CallPage,
  type CallPageRequest,
  type CallSort,
  type ContentOption,
  type PageRequest,
} from './calls/paging.ts'
export type { RepricedCall } from './calls/repriced-call.ts'
export {
  type JournalCounts,
  type JournalPosition,
  type RejectedCall,
  type StoredPosition,
  WRITE_BATCH_SIZE,
  type WriteOptions,
  type WriteResult,
} from './calls/writing.ts'
export type { EventFilter, EventPage, ProductEvent, StoredEvent } from './events/event.ts'
export type { EventStore } from './events/event-store.ts'
export type { JournalStore } from './journal/journal-store.ts'
export { openStore, type OpenStoreOptions } from './open-store.ts'
export type { PriceStore } from './prices/price-store.ts'
export type { RepriceStore } from './prices/reprice-store.ts'
export type { RepriceOptions, UnpricedModel } from './prices/repricing.ts'
export type { Project } from './projects/project.ts'
export type { ProjectStore } from './projects/project-store.ts'
export { QueryError, type QueryErrorCode, type QueryField } from './query-error.ts'
export type { RollupCheck, RollupDifference } from './rollups/rollup-difference.ts'
export type { RollupStore } from './rollups/rollup-store.ts'
export type { Session, SessionPage, SessionSummary, SessionToolCall, SessionTurn } from './sessions/session.ts'
export type { SessionStore } from './sessions/session-store.ts'
export type { UsageLog, UsageLogPage } from './sessions/usage-log.ts'
export type { StepLink } from './steps/step-link.ts'
export type { StepStore } from './steps/step-store.ts'
export type { Store } from './store.ts'
export type { Percentiles } from './sums/histogram.ts'
export { BUCKET_SIZES, type BucketSize, type TimeBucket } from './sums/time-bucket.ts'
export type { UsageRow, UsageSummary, UsageTotals } from './sums/usage-totals.ts'
export type { Trace, TraceNode } from './traces/trace.ts'
export type { TraceStore } from './traces/trace-store.ts'
export type { TwinCalls } from './traces/twin-calls.ts'
export type { PruneOptions, PruneProgress } from './upkeep/retention.ts'
export type { StoreSize } from './upkeep/store-size.ts'
export type { UpkeepStore } from './upkeep/upkeep-store.ts'
export type { Timeseries, TimeseriesGroup, TimeseriesOptions } from './usage/timeseries.ts'
export type { ToolFailure, ToolReport, ToolSeries, ToolStats, ToolTimeseries, ToolUsage } from './usage/tools.ts'
export type { BreakdownOptions, PercentileOption } from './usage/usage-options.ts'
export type { UsageStore } from './usage/usage-store.ts'
