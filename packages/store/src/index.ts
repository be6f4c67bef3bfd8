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
} from './budgets/budget.ts'
export {
  type CallFilter,
  COLUMN_FILTERS,
  type ColumnFilter,
  FILTER_COLUMNS,
  type FilterValue,
  type Grouping,
  GROUPINGS,
} from './calls/call-filter.ts'
export type { StoredCall } from './calls/call-row.ts'
export type { EventFilter, EventPage, ProductEvent, StoredEvent } from './events/event.ts'
export { openStore, type OpenStoreOptions } from './open-store.ts'
export type { PruneOptions, PruneProgress, RollupCheck, RollupDifference } from './upkeep/retention.ts'
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
export type { Percentiles } from './sums/histogram.ts'
export type { UsageRow, UsageSummary, UsageTotals } from './sums/usage-totals.ts'
export type { StepLink } from './steps/step-link.ts'
export type { TwinCalls } from './traces/twin-calls.ts'
export type { PeriodWarning } from './budgets/budget.ts'
export { TransientStoreError } from './transient-error.ts'
