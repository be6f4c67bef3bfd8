export { register, type RegisterOptions, type Telemetry } from './register.ts'
export { type Durability, openUsageLog, type UsageLogOptions } from './usage-log.ts'
export { type Spend, spend, type SpendOptions } from './spend.ts'
export { type TelemetryOption, withTelemetry } from './with-telemetry.ts'
export { createPriceBook, type CustomPrice, parsePriceFile, type PriceBook, type PriceFile } from '@spanledger/core'
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
