export { createServer, type Server, type ServerOptions } from './create-server.ts'
export { type Access, type AccessToken, hashToken, MIN_TOKEN_LENGTH, type Scope } from './http/access.ts'
export { createIngest, type IngestOptions } from './ingest/create-ingest.ts'
export type {
  Ingest,
  IngestSnapshot,
  IngestStats,
  LinesOutcome,
  Refused,
  LineRejection,
  SpansOutcome,
} from './ingest/ingest.ts'
export type { PriceSources } from './ingest/live-prices.ts'
export { DEFAULT_LIMITS, type Limits } from './limits.ts'
export { DEFAULT_PORT, isLoopback, type ListenAddress, type Listener } from './listen.ts'
export { type IngestWorkerOptions, startIngestWorker } from './ingest/start-ingest-worker.ts'
export { type ApiOptions, createApi } from './api/create-api.ts'
export { type BudgetMessage, type BudgetWatch, type BudgetWatchOptions, createBudgetWatch } from './api/budget-watch.ts'
export { MalformedBody } from './otlp/proto-cursor.ts'
export { readSpans, type SpanFormat } from './otlp/read-spans.ts'
export { type RollupBuild, type RollupBuildOptions, startRollupBuild } from './rollups/start-rollup-build.ts'
export {
  createRetentionSchedule,
  type Retention,
  type RetentionSchedule,
  type RetentionScheduleOptions,
} from './retention-schedule.ts'
