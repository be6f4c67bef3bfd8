export { register, type RegisterOptions } from './application/register.ts'
export type { Telemetry } from './application/telemetry.ts'
export { type Durability, openUsageLog, type UsageLogOptions } from './sink/usage-log.ts'
export { spend, type SpendOptions } from './application/spend.ts'
export type { Spend } from './application/sum-spend.ts'
export { type TelemetryOption, withTelemetry } from './application/with-telemetry.ts'
export { parsePriceFile } from './prices/parse-price-file.ts'
export type { CustomPrice, PriceFile } from '@spanledger/core'
export {
  type ConvertOptions,
  GenAISpanProcessor,
  httpSink,
  type HttpSinkOptions,
  recordUnsampled,
  trackAIOperation,
  UsageMetricsProcessor,
  UsageLogExporter,
  UsageSpanProcessor,
  type UsageValues,
  withUsage,
} from '@spanledger/otel'
