import type { Context } from '@opentelemetry/api'
import {
  type ContentMode,
  type ContentPolicy,
  createContentPolicy,
  createPriceBook,
  createRedactor,
  type PriceBook,
  type SpanLike,
  toGenAI,
} from '@spanledger/core'
import { createGuard } from './guard.ts'
import { createOpenCalls, type NeverEnded } from './open-calls.ts'
import { createTraceStamps, factsOf, type Stamp, type StartedSpanLike } from './trace-stamps.ts'

/** How AI spans are converted inside an application. */
export interface ConvertOptions {
  /** What is kept of prompts and answers: `none`, `preview` (default), `full`, or a policy of your own. */
  readonly content?: ContentMode | ContentPolicy | undefined
  /** Prices of model calls; the published list by default. */
  readonly prices?: PriceBook | undefined
  /** `compatible` (default) writes attribute names that backends know today, `latest` the newest of the conventions. */
  readonly profile?: 'compatible' | 'latest' | undefined
  /** After this time a provider call without an end counts as abandoned; 10 minutes by default. */
  readonly abandonAfterMs?: number | undefined
}

/** Turns the spans of a process into GenAI spans, with what their traces know. */
export interface SpanConverter {
  onStart(span: StartedSpanLike, parentContext: Context): void
  /** The converted view of a span that has ended; the span itself if it is no AI span. */
  onEnd<S extends SpanLike>(span: S): S
  /** Gives up on every provider call that is still open. */
  abandonAll(): void
  close(): void
}

export function createSpanConverter(
  options: ConvertOptions,
  onNeverEnded: (span: SpanLike, status: NeverEnded) => void,
): SpanConverter {
  const guard = createGuard()
  const stamps = createTraceStamps()
  const content = contentPolicyOf(options.content)
  const prices = options.prices ?? createPriceBook()
  const convert = <S extends SpanLike>(span: S, stamp: Stamp | undefined): S =>
    toGenAI(span, {
      content,
      prices,
      profile: options.profile,
      facts: stamp === undefined ? undefined : factsOf(stamp, span),
    })
  const openCalls = createOpenCalls({
    abandonAfterMs: options.abandonAfterMs,
    // A span that has started is a whole span but for its end. A timer calls this, so that nobody else would catch it.
    onNeverEnded: (stamp, span, status) =>
      guard.run('converting an open call', () => onNeverEnded(convert(span as unknown as SpanLike, stamp), status)),
  })
  return {
    onStart(span, parentContext) {
      const stamp = stamps.onStart(span, parentContext)
      if (stamp !== undefined) openCalls.onStart(stamp)
    },
    onEnd(span) {
      const stamp = stamps.stampOf(span.spanContext().spanId)
      const converted = convert(span, stamp)
      if (stamp === undefined) return converted
      openCalls.onEnd(stamp)
      stamps.onEnd(stamp, span)
      return converted
    },
    abandonAll: () => openCalls.abandonAll(),
    close: () => openCalls.close(),
  }
}

/** A policy for what an application asked for. */
export function contentPolicyOf(content: ContentMode | ContentPolicy | undefined): ContentPolicy {
  return typeof content === 'object'
    ? content
    : createContentPolicy({ mode: content ?? 'preview', redactor: createRedactor() })
}
