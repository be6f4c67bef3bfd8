/** Seconds and nanoseconds since the epoch, as OpenTelemetry writes times. */
export type HrTime = [seconds: number, nanoseconds: number]

/** An event of a span. Only exceptions and first chunks are read. */
export interface SpanEventLike {
  readonly name: string
  readonly time?: HrTime
  readonly attributes?: Readonly<Record<string, unknown>> | undefined
}

/**
 * The part of an ended span that we read. A `ReadableSpan` of OpenTelemetry SDK 1, 2 and 3 fits as is, and so does a
 * span decoded from OTLP. It is never modified.
 */
export interface SpanLike {
  readonly name: string
  /** OpenTelemetry API numbers: 0 internal, 1 server, 2 client, 3 producer, 4 consumer. */
  readonly kind: number
  spanContext(): { readonly traceId: string; readonly spanId: string; readonly traceFlags?: number }
  readonly parentSpanContext?: { readonly spanId: string } | undefined
  /** SDK 1 keeps the parent here. */
  readonly parentSpanId?: string | undefined
  readonly startTime: HrTime
  readonly endTime: HrTime
  /** 0 unset, 1 ok, 2 error. */
  readonly status: { readonly code: number; readonly message?: string | undefined }
  readonly attributes: Readonly<Record<string, unknown>>
  readonly events: readonly SpanEventLike[]
  readonly resource?: { readonly attributes: Readonly<Record<string, unknown>> } | undefined
  readonly instrumentationScope?: { readonly name: string; readonly version?: string | undefined } | undefined
}

/** Epoch milliseconds, rounded down. */
export function toEpochMs(time: HrTime): number {
  return Math.floor(time[0] * 1000 + time[1] / 1_000_000)
}

/** Milliseconds between two times; never negative, even if the clock was set back. */
export function msBetween(start: HrTime, end: HrTime): number {
  return Math.max(0, (end[0] - start[0]) * 1000 + (end[1] - start[1]) / 1_000_000)
}
