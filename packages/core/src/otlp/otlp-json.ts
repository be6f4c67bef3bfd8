import { isObject, textOf } from '../json/attribute-values.ts'
import type { JsonObject } from '../json/json.ts'
import type { HrTime, SpanEventLike, SpanLike } from '../span/span-like.ts'
import { attributesOfOtlp } from './any-value.ts'
import { hexIdOf } from './otlp-id.ts'
import { createOtlpSpanList, type OtlpSpanList, type OtlpSpans, TOO_MANY_SPANS } from './otlp-span-list.ts'
import { OTLP_LIMITS, type OtlpOrigin, spanOfOtlp, timeOfOtlp } from './otlp-span.ts'

// An enum may be sent by name or by number.
const SPAN_KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'].map(
  (name) => `SPAN_KIND_${name}`,
)
const STATUS_CODES = ['UNSET', 'OK', 'ERROR'].map((name) => `STATUS_CODE_${name}`)

/** True for a parsed `ExportTraceServiceRequest` that is not empty. */
export function isOtlpTraceRequest(value: unknown): boolean {
  return isObject(value) && Array.isArray(value['resourceSpans'])
}

/**
 * The spans of a parsed OTLP/JSON `ExportTraceServiceRequest`. Never throws: unknown fields and fields of the wrong
 * type are skipped; spans without ids or times, and those beyond `maxSpans`, are counted as rejected. Times keep their
 * nanoseconds, integers beyond 2^53 become text, and span kinds become OpenTelemetry API numbers.
 */
export function spansOfOtlpJson(request: unknown, maxSpans = Number.POSITIVE_INFINITY): OtlpSpans {
  const list = createOtlpSpanList(maxSpans)
  readOtlpJson(request, list)
  return list.result()
}

/** The same, adding the spans to a list of the caller. */
export function readOtlpJson(request: unknown, list: OtlpSpanList): void {
  for (const resourceSpans of listOf(request, 'resourceSpans')) {
    const resource = isObject(resourceSpans) ? resourceSpans['resource'] : undefined
    const resourceOf = isObject(resource) ? { attributes: attributesOfOtlp(resource['attributes']) } : undefined
    for (const scopeSpans of listOf(resourceSpans, 'scopeSpans')) {
      const origin = { resource: resourceOf, instrumentationScope: scopeOf(scopeSpans) }
      for (const span of listOf(scopeSpans, 'spans')) list.add(list.isFull() ? TOO_MANY_SPANS : readSpan(span, origin))
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

/** The span, or why it is invalid. */
function readSpan(span: unknown, origin: OtlpOrigin): SpanLike | string {
  if (!isObject(span)) return 'a span must be an object'
  const read = {
    traceId: hexIdOf(span['traceId'], 16),
    spanId: hexIdOf(span['spanId'], 8),
    parentSpanId: hexIdOf(span['parentSpanId'], 8),
    name: textOf(span['name']) ?? '',
    kind: enumOf(span['kind'], SPAN_KINDS),
    startTime: hrTimeOf(span['startTimeUnixNano']),
    endTime: hrTimeOf(span['endTimeUnixNano']),
    status: statusOf(span['status']),
    attributes: attributesOfOtlp(span['attributes']),
    events: listOf(span, 'events')
      .slice(0, OTLP_LIMITS.events)
      .flatMap((event) => (isObject(event) ? [eventOf(event)] : [])),
  }
  return spanOfOtlp(read, origin)
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

// Nanoseconds since the epoch do not fit into a number, so OTLP sends their digits; 0 means unset.
function hrTimeOf(value: unknown): HrTime | undefined {
  const isDigits = typeof value === 'string' && /^\d{1,20}$/.test(value)
  const isWhole = typeof value === 'number' && Number.isInteger(value) && value >= 0
  if (!isDigits && !isWhole) return undefined
  return typeof value === 'string' && value.length > 9 && value.length < 20
    ? timeOfDigits(value)
    : timeOfOtlp(BigInt(value))
}

function timeOfDigits(digits: string): HrTime | undefined {
  const seconds = Number(digits.slice(0, -9))
  const nanos = Number(digits.slice(-9))
  return seconds === 0 && nanos === 0 ? undefined : [seconds, nanos]
}
