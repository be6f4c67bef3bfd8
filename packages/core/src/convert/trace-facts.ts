import type { Attribution } from '../call/attribution.ts'

/**
 * What only the trace knows about a span. In a process, the span processor sees every start and provides this. For raw
 * spans, `settleTrace` derives the same from the calls of the trace.
 */
export interface TraceFacts {
  /** Span id of the outermost AI span above; the span's own id if there is none. */
  readonly runId: string
  /** The nearest AI span above; for a tool, the model call that asked for it. */
  readonly parentId?: string | undefined
  /** From `withUsage` and the spans above, nearest first. */
  readonly inherited: Attribution
  /** The SDK's metadata on the span itself, read once at its start. */
  readonly sdkMetadata: Attribution | undefined
  /** The application's name for the nearest run above. */
  readonly functionId?: string | undefined
  /** The span only wraps a call of its own kind and repeats its numbers. */
  readonly isWrapper: boolean
  /** The outermost run ended without a provider call below it, so its own numbers are the only ones. */
  readonly isLeafLost: boolean
  /** Time that tools took inside the span. */
  readonly toolTimeMs: number
}
