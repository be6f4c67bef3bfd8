// The answers of the HTTP API. This module exports types only.
export type { BudgetList, BudgetView } from './schemas/budget.ts'
export type { SavedViewList, SavedViewView } from './schemas/saved-view.ts'
export type { CallContentView, CallView } from './schemas/call.ts'
export type {
  CallAnswer,
  CallList,
  SessionAnswer,
  SessionList,
  SessionRow,
  SessionTurn,
  TraceAnswer,
  TraceList,
  TraceNode,
} from './schemas/call-answers.ts'
export type { ErrorAnswer } from './schemas/error.ts'
export type { FilterBody, FilterName, FilterQuery } from './schemas/filter.ts'
export type { Health } from './schemas/health.ts'
export type { PriceListAnswer, PriceRow, RepriceAnswer } from './schemas/price.ts'
export type { Bucket, Range, Series, Totals, TotalsRow } from './schemas/totals.ts'
export type {
  Breakdown,
  FailuresAnswer,
  Overview,
  Summary,
  Timeseries,
  ToolFailure,
  ToolsAnswer,
  ToolStats,
  UnpricedModelRow,
} from './schemas/usage.ts'
