export {
  type CallFilter,
  COLUMN_FILTERS,
  type ColumnFilter,
  type FilterValue,
  type Grouping,
  GROUPINGS,
} from './call-filter.ts'
export type { StoredCall } from './call-row.ts'
export { openStore, type OpenStoreOptions } from './open-store.ts'
export {
  type CallPage,
  type ContentOption,
  type PageRequest,
  type Project,
  type RejectedCall,
  type RepricedCall,
  type RepriceOptions,
  type Store,
  type ToolStats,
  type UnpricedModel,
  WRITE_BATCH_SIZE,
  type WriteOptions,
  type WriteResult,
} from './store.ts'
export type { UsageRow, UsageTotals } from './usage-totals.ts'
