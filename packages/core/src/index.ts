export { type Call, type CallColumn, type CallColumns, type CallContent, callId } from './call/call.ts'
export {
  CALL_KINDS,
  type CallKind,
  CALL_STATUSES,
  type CallStatus,
  COST_SOURCES,
  type CostSource,
  LEAF_KINDS,
  type RowKind,
  USAGE_SOURCES,
  type UsageSource,
} from './call/call-words.ts'
export { errorMessageOf } from './error-message.ts'
export type { Json, JsonObject } from './json/json.ts'
export { CORE, GEN_AI, SPANLEDGER } from './vocabulary/attributes.ts'
export { type HrTime, msBetween, type SpanEventLike, type SpanLike, toEpochMs } from './span/span-like.ts'
export type { CountsByReason, UsageSink, UsageSinkStats } from './call/usage-sink.ts'
export { coveredMs, type Interval } from './call/covered-time.ts'
export type { StartedSpan } from './dialects/dialect.ts'
export { functionIdOf, kindOf, toolCallIdOf } from './dialects/dialects.ts'
export { toCallOfSpan, toGenAI, type ToGenAIOptions } from './convert/to-gen-ai.ts'
export { toCall } from './convert/to-call.ts'
export {
  type AskedTool,
  toolCallsOf,
  type ToolFailure,
  toolFailureSpan,
  type ToolOutcome,
  toolOutcomesOf,
} from './dialects/ai-sdk/failed-tools.ts'
export { toToolSpanId } from './call/to-tool-span-id.ts'
export { type OpenStatus, toOpenCall } from './convert/to-open-call.ts'
export { settleTrace } from './call/settle-trace.ts'
export type { TraceFacts } from './convert/trace-facts.ts'
export { type Attribution, attributionOf, combineAttribution, toAttribution } from './call/attribution.ts'
export { sdkAttributionOf } from './dialects/ai-sdk/sdk-attribution.ts'
export { CONVERTER_VERSION } from './convert/version.ts'
export { type CallLog, parseCall, parseCallLine, parseUncheckedCallLine, toCallLine } from './call/call-line.ts'
export { CALL_COLUMNS, type Column, CONTENT_COLUMNS, type MergeRule } from './call/column-table.ts'
export { type ColumnForm, type ColumnRule, type ColumnType, misfit } from './call/column-type.ts'
export { CALL_COLUMN_NAMES, CONTENT_COLUMN_NAMES } from './call/column-names.ts'
export { EMPTY_CONTENT, emptyCall } from './call/empty-call.ts'
export { mergeCall } from './call/merge-call.ts'
export { createGenerations } from './generations.ts'
export { ROOT_FALLBACK } from './vocabulary/cost-flags.ts'
export { isRepriceable, PRICED_SOURCES } from './prices/repriceable.ts'
export { priceCall, repriceCall } from './prices/price-call.ts'
export { toProviderName } from './vocabulary/provider-names.ts'
export {
  type Cost,
  createPriceBook,
  type FoundModel,
  type PriceBook,
  type PriceBookOptions,
  type PricedModel,
  type PriceListInfo,
  type PriceQuery,
  type Usage,
} from './prices/price-book.ts'
export type { CostReason } from './prices/cost-of-usage.ts'
export { costFromProviderMetadata, type ReportedCost } from './prices/provider-cost.ts'
export {
  type CustomPrice,
  type LongInputPrices,
  type Price,
  PRICE_FILE_SCHEMA,
  type PriceFile,
  type TokenPrices,
  type UnitPrices,
} from './prices/price-file.ts'
export { toPriceFile } from './prices/to-price-file.ts'
export { nameOfPath, PriceError } from './prices/price-error.ts'
export { type ListedPrice, listedPricesOf, parsePriceList, type PriceList, priceListText } from './prices/price-list.ts'
export { PRICE_LIST } from './prices/generated/list.ts'
export { type ConvertedPrices, fromGenAIPrices } from './prices/genai-prices.ts'
export { type MergedPrices, mergePrices } from './prices/merge-price-list.ts'
export { isOtlpTraceRequest, readOtlpJson, spansOfOtlpJson } from './otlp/otlp-json.ts'
export { createOtlpSpanList, type OtlpSpanList, type OtlpSpans, TOO_MANY_SPANS } from './otlp/otlp-span-list.ts'
export {
  integerOfOtlp,
  OTLP_LIMITS,
  type OtlpOrigin,
  type OtlpSpan,
  setAttribute,
  spanOfOtlp,
  timeOfHalves,
} from './otlp/otlp-span.ts'
export {
  type AppliedContent,
  type ContentDraft,
  type ContentLimits,
  type ContentMode,
  type ContentPolicy,
  type ContentPolicyOptions,
  createContentPolicy,
  type TextKind,
} from './content/content-policy.ts'
export {
  type ContentMemory,
  type ContentSources,
  createContentMemory,
  type ParseJson,
  type WrittenContent,
} from './content/content-memory.ts'
export type { ExpressionPattern, RedactionPattern, TokenAlphabet, TokenPattern } from './content/redaction-patterns.ts'
export { createRedactor, type Redactor, type RedactorOptions } from './content/redactor.ts'
