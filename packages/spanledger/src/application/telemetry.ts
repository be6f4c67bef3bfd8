import type { UsageSinkStats } from '@spanledger/core'
import type { SpanProcessorLike } from '@spanledger/otel'
import { NO_STATS } from '../sink/application-sink.ts'

/** The running ledger of a process. */
export interface Telemetry {
  /** Add it to your own tracer provider to record calls. */
  readonly spanProcessor: SpanProcessorLike
  /** Resolves when all ended calls are stored and sent. Never rejects. */
  flush(): Promise<void>
  /** Flushes and stops, each within 5 seconds. Idempotent; never rejects. */
  shutdown(): Promise<void>
  /** The outcomes of all calls so far. */
  stats(): UsageSinkStats
}

/** A span processor that does nothing. */
export const IDLE_PROCESSOR: SpanProcessorLike = {
  onStart: () => {},
  onEnd: () => {},
  forceFlush: async () => {},
  shutdown: async () => {},
}

/** Creates a ledger that records nothing. */
export function idleTelemetry(): Telemetry {
  return { spanProcessor: IDLE_PROCESSOR, flush: async () => {}, shutdown: async () => {}, stats: () => NO_STATS }
}
