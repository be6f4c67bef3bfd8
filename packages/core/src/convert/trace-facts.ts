import type { Who } from '../call/who.ts'

/**
 * What only the trace knows about a span. In a process, the span processor sees every start and fills this in;
 * for spans that arrive raw, `settleTrace` works the same out from the calls of the trace.
 */
export interface TraceFacts {
  /** Span id of the outermost AI span above; the span's own id when there is none. */
  readonly runId: string
  /** The nearest AI span above; for a tool, the model call that asked for it. */
  readonly parentId?: string | undefined
  /** From `withUsage` and from the spans above, nearest first. */
  readonly inherited: Who
  /** What the SDK's metadata on the span itself says; it is there from the start on, and read once. */
  readonly sdkMetadata: Who | undefined
  /** The application's name for the nearest run above. */
  readonly functionId?: string | undefined
  /** The span only wraps a call of its own kind: its numbers repeat the inner one's. */
  readonly isWrapper: boolean
  /** The outermost run ends without a provider call below it: if it has numbers, they are the only ones there are. */
  readonly isLeafLost: boolean
  /** Time inside the span that its tools took. */
  readonly toolTimeMs: number
}
