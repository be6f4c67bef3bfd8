import type { SpanLike } from '../span/span-like.ts'
import type { CountsByReason } from '../call/usage-sink.ts'

/** The spans of an OTLP request. */
export interface OtlpSpans {
  /** In the order of the request. */
  readonly spans: SpanLike[]
  /** Spans that were invalid or exceeded the limit. */
  readonly rejected: number
  /** How many spans were rejected for each reason. A reason is a sentence. */
  readonly reasons: CountsByReason
}

/** Collects the spans of a request of any encoding. */
export interface OtlpSpanList {
  /** Adds a span, or the reason why it was rejected. */
  add(span: SpanLike | string): void
  /** True when the limit is reached; further spans need not be read. */
  isFull(): boolean
  result(): OtlpSpans
}

/** The reason for spans that were rejected unread. */
export const TOO_MANY_SPANS = 'the request has too many spans'

/** Creates a list that keeps its spans. With `take`, each span is passed on as it is read, and none is kept. */
export function createOtlpSpanList(maxSpans: number, take?: (span: SpanLike) => void): OtlpSpanList {
  const spans: SpanLike[] = []
  const reasons: Record<string, number> = {}
  let taken = 0
  let rejected = 0
  return {
    add(span) {
      if (typeof span === 'string') {
        rejected += 1
        reasons[span] = (reasons[span] ?? 0) + 1
        return
      }
      taken += 1
      if (take === undefined) spans.push(span)
      else take(span)
    },
    isFull: () => taken >= maxSpans,
    result: () => ({ spans, rejected, reasons }),
  }
}
