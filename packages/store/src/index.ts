export {
  BUCKET_SIZES,
  type BucketSize,
  type BudgetScope,
  type LiveCalls,
  type Session,
  type SessionPage,
  type SessionSummary,
  type SessionToolCall,
  type SessionTurn,
  type StoreSize,
  type TimeBucket,
  type Timeseries,
  type TimeseriesGroup,
  type TimeseriesOptions,
  type ToolFailure,
  type ToolReport,
  type ToolSeries,
  type ToolStats,
  type ToolTimeseries,
  type ToolUsage,
  type Trace,
  type TraceNode,
  type UsageLog,
  type UsageLogPage,
} from './answers.ts'
export {
  type Budget,
  BUDGET_PERIODS,
  type BudgetPeriod,
  type BudgetState,
  type BudgetWarning,
  type NewBudget,
} from './budget.ts'
export {
  type CallFilter,
  COLUMN_FILTERS,
  type ColumnFilter,
  FILTER_COLUMNS,
  type FilterValue,
  type Grouping,
  GROUPINGS,
} from './call-filter.ts'
export type { StoredCall } from './call-row.ts'
export type { EventFilter, EventPage, ProductEvent, StoredEvent } from './event.ts'
export { openStore, type OpenStoreOptions } from './open-store.ts'
export type { PruneOptions, PruneProgress, RollupCheck, RollupDifference } from './retention.ts'
export {
  type BreakdownOptions,
  CALL_SORTS,
  type CallPage,
  type CallPageRequest,
  type CallSort,
  type ContentOption,
  type JournalCounts,
  type JournalPosition,
  type PageRequest,
  type PercentileOption,
  type Project,
  type RejectedCall,
  type RepricedCall,
  type RepriceOptions,
  type Store,
  type StoredPosition,
  type UnpricedModel,
  WRITE_BATCH_SIZE,
  type WriteOptions,
  type WriteResult,
} from './store.ts'
export type { Percentiles } from './histogram.ts'
export type { UsageRow, UsageSummary, UsageTotals } from './usage-totals.ts'
export type { StepLink } from './step-link.ts'
export type { TwinCalls } from './twin-calls.ts'
export type { PeriodWarning } from './budget.ts'
export { TransientStoreError } from './transient-error.ts'
