import type { Context } from '@opentelemetry/api'
import {
  type Call,
  type ContentMode,
  type ContentPolicy,
  createContentMemory,
  createContentPolicy,
  createPriceBook,
  createRedactor,
  LEAF_KINDS,
  type PriceBook,
  type SpanLike,
  toCall,
  toGenAI,
  toolFailureSpan,
} from '@spanledger/core'
import { createAskedTools } from './asked-tools.ts'
import { createGuard } from './guard.ts'
import { createOpenCalls, type NeverEnded } from './open-calls.ts'
import { createTraceStamps, factsOf, type Stamp, type StartedSpanLike } from './trace-stamps.ts'

/** How an application converts its AI spans. */
export interface ConvertOptions {
  /** What to keep of prompts and answers: `none`, `preview` (default), `full`, or a policy of your own. */
  readonly content?: ContentMode | ContentPolicy | undefined
  /** Prices of model calls; the published list by default. */
  readonly prices?: PriceBook | undefined
  /** `compatible` (default) writes attribute names that backends know today; `latest` writes the newest conventions. */
  readonly profile?: 'compatible' | 'latest' | undefined
  /** A provider call without an end is abandoned after this time; 10 minutes by default. */
  readonly abandonAfterMs?: number | undefined
}

/** Converts the spans of a process to GenAI spans, with the facts that only their traces know. */
export interface SpanConverter {
  onStart(span: StartedSpanLike, parentContext: Context): void
  /** The converted view of an ended span; the span itself if it is not an AI span. */
  onEnd<S extends SpanLike>(span: S): S
  /** Abandons every provider call that is still open. */
  abandonAll(): void
  close(): void
}

/** What a converter reports besides converted spans. */
export interface SpanConverterListener {
  /** A provider call has started. Its span is converted only if there is a listener. */
  readonly onStarted?: ((span: SpanLike) => void) | undefined
  onNeverEnded(span: SpanLike, status: NeverEnded): void
  /** A tool call failed without a span. */
  onToolFailure(call: Call): void
  /** Something failed that the application is not told of. */
  onFault(site: string, error: unknown): void
}

export function createSpanConverter(options: ConvertOptions, listener: SpanConverterListener): SpanConverter {
  const guard = createGuard({ onFault: (site, error) => listener.onFault(site, error) })
  const stamps = createTraceStamps()
  const askedTools = createAskedTools()
  const content = contentPolicyOf(options.content)
  const prices = options.prices ?? createPriceBook()
  const memory = createContentMemory()
  const convert = <S extends SpanLike>(span: S, stamp: Stamp | undefined): S =>
    toGenAI(span, {
      content,
      memory,
      prices,
      profile: options.profile,
      facts: stamp === undefined ? undefined : factsOf(stamp, span),
    })
  const openCalls = createOpenCalls({
    abandonAfterMs: options.abandonAfterMs,
    // A started span has every member but its end. Called by a timer, so nobody else would catch an error.
    onNeverEnded: (stamp, span, status) =>
      guard.run('converting an open call', () =>
        listener.onNeverEnded(convert(span as unknown as SpanLike, stamp), status),
      ),
  })
  const reportRefusedTools = (stamp: Stamp, model: SpanLike) => {
    for (const refused of askedTools.onModelEnd(stamp, model)) {
      const span = toolFailureSpan(refused, model)
      const facts = { ...factsOf(stamp, span), parentId: refused.askedBy, isWrapper: false, toolTimeMs: 0 }
      const call = toCall(toGenAI(span, { content, facts }))
      if (call !== undefined) listener.onToolFailure(call)
    }
  }
  return {
    onStart(span, parentContext) {
      const stamp = stamps.onStart(span, parentContext)
      if (stamp === undefined) return
      openCalls.onStart(stamp)
      if (listener.onStarted !== undefined && stamp.kind !== undefined && LEAF_KINDS.has(stamp.kind)) {
        // A started span has every member but its end.
        guard.run('converting a start', () => listener.onStarted?.(convert(span as unknown as SpanLike, stamp)))
      }
      if (stamp.kind === 'tool') guard.run('reading the start of a tool', () => askedTools.onToolStart(stamp, span))
    },
    onEnd(span) {
      const stamp = stamps.stampOf(span.spanContext().spanId)
      const converted = convert(span, stamp)
      if (stamp === undefined) return converted
      openCalls.onEnd(stamp)
      stamps.onEnd(stamp, span)
      if (stamp.kind === 'run') askedTools.onRunEnd(stamp)
      if (stamp.spanId === stamp.runId) memory.forget(stamp.runId)
      if (stamp.kind === 'model') guard.run('reading tool calls', () => reportRefusedTools(stamp, span))
      return converted
    },
    abandonAll: () => openCalls.abandonAll(),
    close: () => openCalls.close(),
  }
}

/** The content policy for an application's option. */
export function contentPolicyOf(content: ContentMode | ContentPolicy | undefined): ContentPolicy {
  return typeof content === 'object'
    ? content
    : createContentPolicy({ mode: content ?? 'preview', redactor: createRedactor() })
}
