export { createServer, type Server, type ServerOptions } from './create-server.ts'
export { type Access, type AccessToken, hashToken, MIN_TOKEN_LENGTH, type Scope } from './http/access.ts'
export { createIngest, type IngestOptions } from './ingest/create-ingest.ts'
export type {
  Ingest,
  IngestSnapshot,
  IngestStats,
  LinesOutcome,
  Refused,
  RejectedLine,
  SpansOutcome,
} from './ingest/ingest.ts'
export type { PriceSources } from './ingest/live-prices.ts'
export { DEFAULT_LIMITS, type Limits } from './limits.ts'
export { DEFAULT_PORT, isLoopback, type ListenAddress, type Listener } from './listen.ts'
export { type IngestWorkerOptions, startIngestWorker } from './ingest/start-ingest-worker.ts'
export { type ApiOptions, createApi } from './api/create-api.ts'
export { type BudgetMessage, type BudgetWatch, type BudgetWatchOptions, createBudgetWatch } from './api/budget-watch.ts'
export type { CallContentView, CallView, CallWithContent } from './api/schemas/call.ts'
export type {
  CallAnswer,
  CallList,
  SessionAnswer,
  SessionList,
  SessionRow,
  SessionTurn,
  TraceAnswer,
  TraceNode,
} from './api/schemas/call-answers.ts'
export type { BudgetBody, BudgetView } from './api/schemas/budget.ts'
export type { ErrorAnswer } from './api/schemas/error.ts'
export type { EventBody, EventView } from './api/schemas/event.ts'
export type { Health, IngestHealth } from './api/schemas/health.ts'
export type { Percentiles } from './api/schemas/number.ts'
export type { PriceListAnswer, PriceRow, RepriceAnswer } from './api/schemas/price.ts'
export type { ProjectView } from './api/schemas/project.ts'
export type { Bucket, BucketTotals, Range, Series, Totals, TotalsRow } from './api/schemas/totals.ts'
export type { Breakdown, Overview, Summary, Timeseries, ToolsAnswer, UnpricedModelRow } from './api/schemas/usage.ts'
export type { UsageLogList, UsageLogRow } from './api/schemas/usage-log.ts'
export { MalformedBody } from './otlp/proto-cursor.ts'
export { readSpans, type SpanFormat } from './otlp/read-spans.ts'
export { type RollupBuild, type RollupBuildOptions, startRollupBuild } from './rollups/start-rollup-build.ts'
export {
  createRetentionSchedule,
  type Retention,
  type RetentionSchedule,
  type RetentionScheduleOptions,
} from './retention-schedule.ts'
