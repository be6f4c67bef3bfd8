import type { HrTime, SpanEventLike, SpanLike } from '../span/span-like.ts'

/** A span as in OTLP, from JSON or protobuf, with its ids as lower-case hex. */
export interface OtlpSpan {
  /** Undefined if invalid or all zero; likewise for the other ids and the times. */
  readonly traceId: string | undefined
  readonly spanId: string | undefined
  readonly parentSpanId: string | undefined
  readonly name: string
  /** The OTLP number, which is one higher than that of the OpenTelemetry API. */
  readonly kind: number
  readonly startTime: HrTime | undefined
  readonly endTime: HrTime | undefined
  readonly status: SpanLike['status']
  readonly attributes: Readonly<Record<string, unknown>>
  readonly events: readonly SpanEventLike[]
}

/** What the spans of one scope share. */
export type OtlpOrigin = Pick<SpanLike, 'resource' | 'instrumentationScope'>

/** Limits for one span. What exceeds them is left out, and the span is kept. */
export const OTLP_LIMITS = {
  /** Per span, resource, event or key-value list. */
  attributes: 1_024,
  events: 256,
  /** Nesting of arrays and key-value lists; deeper values would be unreadable. */
  depth: 32,
  /** One text, in UTF-16 units. A conversation with pictures fits, because the content policy cuts it later. */
  textLength: 8 * 1024 * 1024,
} as const

const MAX_UINT64 = 18_446_744_073_709_551_615n
const NANOS_PER_SECOND = 1_000_000_000n

/** The span, or why it is invalid. */
export function spanOfOtlp(span: OtlpSpan, { resource, instrumentationScope }: OtlpOrigin): SpanLike | string {
  const { traceId, spanId, parentSpanId, startTime, endTime } = span
  if (traceId === undefined) return 'traceId must be 32 hex characters, not all of them zero'
  if (spanId === undefined) return 'spanId must be 16 hex characters, not all of them zero'
  if (startTime === undefined) return 'startTimeUnixNano must be nanoseconds since the epoch'
  if (endTime === undefined) return 'endTimeUnixNano must be nanoseconds since the epoch'
  return {
    name: span.name,
    kind: span.kind >= 1 && span.kind <= 5 ? span.kind - 1 : 0,
    spanContext: () => ({ traceId, spanId }),
    parentSpanContext: parentSpanId === undefined ? undefined : { spanId: parentSpanId },
    startTime,
    endTime,
    status: span.status,
    attributes: span.attributes,
    events: span.events,
    resource,
    instrumentationScope,
  }
}

/** Nanoseconds since the epoch as a time; undefined for 0. */
export function timeOfOtlp(nanos: bigint): HrTime | undefined {
  if (nanos <= 0n || nanos > MAX_UINT64) return undefined
  return [Number(nanos / NANOS_PER_SECOND), Number(nanos % NANOS_PER_SECOND)]
}

// 2^32 and 2^48 nanoseconds.
const LOW_SECONDS = 4
const LOW_NANOS = 294_967_296
const HIGH_SECONDS = 281_474
const HIGH_NANOS = 976_710_656

/** The same for the two 32-bit halves; exact, without big integers. */
export function timeOfHalves(high: number, low: number): HrTime | undefined {
  if (high === 0 && low === 0) return undefined
  const top = high >>> 16
  const middle = high & 0xffff
  const nanos = top * HIGH_NANOS + middle * LOW_NANOS + low
  return [top * HIGH_SECONDS + middle * LOW_SECONDS + Math.floor(nanos / 1e9), nanos % 1e9]
}

/** A 64-bit integer: a number if it fits, otherwise its digits. */
export function integerOfOtlp(value: number | bigint): number | string {
  // + 0 turns -0 into 0.
  const number = Number(value) + 0
  return Number.isSafeInteger(number) ? number : value.toString()
}

/**
 * Sets an attribute. The name `__proto__` is skipped: it is harmless here, but not in code that copies attributes one
 * by one.
 */
export function setAttribute(attributes: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') attributes[key] = value
}
