import type { UsageSinkStats } from '@spanledger/core'
import type { SpanProcessorLike } from '@spanledger/otel'
import { NO_STATS } from '../sink/application-sink.ts'

/** The running ledger of a process. */
export interface Telemetry {
  /** For a tracer provider that is not ours: add it there, and calls are recorded. */
  readonly spanProcessor: SpanProcessorLike
  /** Resolves when everything that has ended is stored and sent. Never rejects. */
  flush(): Promise<void>
  /** Flushes and ends, within 5 seconds. Idempotent; never rejects. */
  shutdown(): Promise<void>
  /** What happened to every call so far. */
  stats(): UsageSinkStats
}

/** A span processor that does nothing. */
export const IDLE_PROCESSOR: SpanProcessorLike = {
  onStart: () => {},
  onEnd: () => {},
  forceFlush: async () => {},
  shutdown: async () => {},
}

/** Makes a ledger that records nothing. */
export function idleTelemetry(): Telemetry {
  return { spanProcessor: IDLE_PROCESSOR, flush: async () => {}, shutdown: async () => {}, stats: () => NO_STATS }
}
