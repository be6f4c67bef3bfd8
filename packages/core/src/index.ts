export { type Call, type CallColumn, type CallColumns, type CallContent, callId } from './call/call.ts'
export { CALL_KINDS, type CallKind, CALL_STATUSES, LEAF_KINDS } from './call/call-words.ts'
export { errorCodeOf, errorMessageOf, isError, toError } from './errors.ts'
export type { Json, JsonObject } from './json/json.ts'
export { GEN_AI, SPANLEDGER } from './vocabulary/attributes.ts'
export { type HrTime, msBetween, type SpanEventLike, type SpanLike } from './span/span-like.ts'
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
  toolOutcomesOf,
} from './dialects/ai-sdk/failed-tools.ts'
export { toToolSpanId } from './call/to-tool-span-id.ts'
export { toOpenCall } from './convert/to-open-call.ts'
export { settleTrace } from './call/settle-trace.ts'
export type { TraceFacts } from './convert/trace-facts.ts'
export { type Attribution, attributionOf, combineAttribution, toAttribution } from './call/attribution.ts'
export { sdkAttributionOf } from './dialects/ai-sdk/sdk-attribution.ts'
export { CONVERTER_VERSION } from './convert/version.ts'
export { type CallLog, parseCall, parseCallLine, parseUncheckedCallLine, toCallLine } from './call/call-line.ts'
export { CALL_COLUMNS, type Column, CONTENT_COLUMNS } from './call/column-table.ts'
export { type ColumnForm, type ColumnRule, type ColumnType, misfit } from './call/column-type.ts'
export { CALL_COLUMN_NAMES, CONTENT_COLUMN_NAMES, STORED_COLUMN_NAMES } from './call/column-names.ts'
export { EMPTY_CONTENT, emptyCall } from './call/empty-call.ts'
export { mergeCall } from './call/merge-call.ts'
export { createGenerations } from './generations.ts'
export { ROOT_FALLBACK } from './vocabulary/cost-flags.ts'
export { isRepriceable, PRICED_SOURCES } from './prices/repriceable.ts'
export { priceCall, repriceCall } from './prices/price-call.ts'
export { toProviderName } from './vocabulary/provider-names.ts'
export { isProviderRequest } from './vocabulary/provider-requests.ts'
export {
  type Cost,
  createPriceBook,
  type FoundModel,
  type PriceBook,
  type PriceBookOptions,
  type PricedModel,
  type PriceQuery,
  type Usage,
} from './prices/price-book.ts'
export type { CustomPrice, LongInputPrices, PriceFile } from './prices/price-file.ts'
export { toPriceFile } from './prices/to-price-file.ts'
export { nameOfPath, PriceError } from './prices/price-error.ts'
export { hasSameKey, type PriceKey } from './prices/price-key.ts'
export type { PriceList } from './prices/price-list.ts'
export { PRICE_LIST } from './prices/generated/list.ts'
export { isOtlpTraceRequest, readOtlpJson, spansOfOtlpJson } from './otlp/otlp-json.ts'
export { createOtlpSpanList, type OtlpSpanList, type OtlpSpans, TOO_MANY_SPANS } from './otlp/otlp-span-list.ts'
export {
  integerOfOtlp,
  OTLP_LIMITS,
  type OtlpOrigin,
  setAttribute,
  spanOfOtlp,
  timeOfHalves,
} from './otlp/otlp-span.ts'
export {
  type ContentMode,
  type ContentPolicy,
  type ContentPolicyOptions,
  createContentPolicy,
} from './content/content-policy.ts'
export { createContentMemory } from './content/content-memory.ts'
export type { RedactionPattern } from './content/redaction-patterns.ts'
export { createRedactor, type Redactor, type RedactorOptions } from './content/redactor.ts'
