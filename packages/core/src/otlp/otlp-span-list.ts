import type { SpanLike } from '../span/span-like.ts'
import type { CountsByReason } from '../call/usage-sink.ts'

/** What an OTLP request held. */
export interface OtlpSpans {
  /** In the order of the request. */
  readonly spans: SpanLike[]
  /** Spans that could not be read, or were too many. */
  readonly rejected: number
  /** Why, as a sentence, and how many for each. */
  readonly reasons: CountsByReason
}

/** Takes the spans of a request, whatever it is written in. */
export interface OtlpSpanList {
  /** Takes a span, or why there is none. */
  add(span: SpanLike | string): void
  /** No further span is taken; none needs to be read. */
  isFull(): boolean
  result(): OtlpSpans
}

/** Why a span was rejected that was not even read. */
export const TOO_MANY_SPANS = 'the request has too many spans'

/** A list that keeps its spans; with `take`, one that hands over each as it is read and keeps none. */
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
