import { isObject, textOf } from '../attribute-values.ts'
import type { JsonObject } from '../call.ts'
import type { HrTime, SpanEventLike, SpanLike } from '../span-like.ts'
import type { CountsByReason } from '../usage-sink.ts'
import { attributesOfOtlp } from './any-value.ts'
import { hexIdOf } from './otlp-id.ts'

/** What an OTLP request held. */
export interface OtlpSpans {
  /** In the order of the request. */
  readonly spans: SpanLike[]
  /** Spans that could not be read. */
  readonly rejected: number
  /** Why, as a sentence, and how many for each. */
  readonly reasons: CountsByReason
}

interface Origin {
  readonly resource: SpanLike['resource']
  readonly instrumentationScope: SpanLike['instrumentationScope']
}

// The names of the enumerations may stand for their numbers.
const SPAN_KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'].map(
  (name) => `SPAN_KIND_${name}`,
)
const STATUS_CODES = ['UNSET', 'OK', 'ERROR'].map((name) => `STATUS_CODE_${name}`)
const MAX_UINT64 = 18_446_744_073_709_551_615n
const NANOS_PER_SECOND = 1_000_000_000n

/** True for a parsed `ExportTraceServiceRequest` that holds anything. */
export function isOtlpTraceRequest(value: unknown): boolean {
  return isObject(value) && Array.isArray(value['resourceSpans'])
}

/**
 * The spans of an `ExportTraceServiceRequest` in OTLP/JSON, already parsed. Never throws: fields that are unknown or of
 * a wrong type are passed over, and a span without ids or times is counted as rejected. Times keep their nanoseconds,
 * integers beyond 2^53 become text, and span kinds become the numbers of the OpenTelemetry API.
 */
export function spansOfOtlpJson(request: unknown): OtlpSpans {
  const spans: SpanLike[] = []
  const reasons: Record<string, number> = {}
  let rejected = 0
  for (const { span, origin } of spansIn(request)) {
    const read = readSpan(span, origin)
    if (typeof read !== 'string') spans.push(read)
    else {
      rejected += 1
      reasons[read] = (reasons[read] ?? 0) + 1
    }
  }
  return { spans, rejected, reasons }
}

function* spansIn(request: unknown): Generator<{ span: unknown; origin: Origin }> {
  for (const resourceSpans of listOf(request, 'resourceSpans')) {
    const resource = isObject(resourceSpans) ? resourceSpans['resource'] : undefined
    const resourceOf = isObject(resource) ? { attributes: attributesOfOtlp(resource['attributes']) } : undefined
    for (const scopeSpans of listOf(resourceSpans, 'scopeSpans')) {
      const origin = { resource: resourceOf, instrumentationScope: scopeOf(scopeSpans) }
      for (const span of listOf(scopeSpans, 'spans')) yield { span, origin }
    }
  }
}

function listOf(parent: unknown, field: string): readonly unknown[] {
  const list = isObject(parent) ? parent[field] : undefined
  return Array.isArray(list) ? list : []
}

function scopeOf(scopeSpans: unknown): SpanLike['instrumentationScope'] {
  const scope = isObject(scopeSpans) ? scopeSpans['scope'] : undefined
  if (!isObject(scope)) return undefined
  return { name: textOf(scope['name']) ?? '', version: textOf(scope['version']) }
}

/** The span, or why it cannot be one. */
function readSpan(span: unknown, origin: Origin): SpanLike | string {
  if (!isObject(span)) return 'a span is no object'
  const traceId = hexIdOf(span['traceId'], 16)
  if (traceId === undefined) return 'traceId is not 32 hex characters, or all zero'
  const spanId = hexIdOf(span['spanId'], 8)
  if (spanId === undefined) return 'spanId is not 16 hex characters, or all zero'
  const startTime = hrTimeOf(span['startTimeUnixNano'])
  if (startTime === undefined) return 'startTimeUnixNano is not a time'
  const endTime = hrTimeOf(span['endTimeUnixNano'])
  if (endTime === undefined) return 'endTimeUnixNano is not a time'
  const parentSpanId = hexIdOf(span['parentSpanId'], 8)
  return {
    name: textOf(span['name']) ?? '',
    kind: Math.max(0, enumOf(span['kind'], SPAN_KINDS) - 1),
    spanContext: () => ({ traceId, spanId }),
    parentSpanContext: parentSpanId === undefined ? undefined : { spanId: parentSpanId },
    startTime,
    endTime,
    status: statusOf(span['status']),
    attributes: attributesOfOtlp(span['attributes']),
    events: listOf(span, 'events').flatMap((event) => (isObject(event) ? [eventOf(event)] : [])),
    ...origin,
  }
}

function eventOf(event: JsonObject): SpanEventLike {
  const time = hrTimeOf(event['timeUnixNano'])
  return {
    name: textOf(event['name']) ?? '',
    ...(time === undefined ? {} : { time }),
    attributes: attributesOfOtlp(event['attributes']),
  }
}

function statusOf(status: unknown): SpanLike['status'] {
  if (!isObject(status)) return { code: 0 }
  return { code: enumOf(status['code'], STATUS_CODES), message: textOf(status['message']) }
}

function enumOf(value: unknown, names: readonly string[]): number {
  const number = typeof value === 'string' ? names.indexOf(value) : value
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 && number < names.length ? number : 0
}

// Nanoseconds since the epoch do not fit into a number, so OTLP writes their digits; 0 is no time.
function hrTimeOf(value: unknown): HrTime | undefined {
  const isDigits = typeof value === 'string' && /^\d{1,20}$/.test(value)
  const isWhole = typeof value === 'number' && Number.isInteger(value) && value >= 0
  if (!isDigits && !isWhole) return undefined
  const nanos = BigInt(value)
  if (nanos === 0n || nanos > MAX_UINT64) return undefined
  return [Number(nanos / NANOS_PER_SECOND), Number(nanos % NANOS_PER_SECOND)]
}
