import type { Context } from '@opentelemetry/api'
import type { Call, SpanLike } from '@spanledger/core'
import type { NeverEnded } from './open-calls.ts'
import type { StartedSpanLike } from './trace-stamps.ts'

/** OpenTelemetry's `SpanProcessor`, as far as SDK 1, 2 and 3 agree. */
export interface SpanProcessorLike {
  onStart(span: StartedSpanLike, parentContext: Context): void
  onEnd(span: SpanLike): void
  forceFlush(): Promise<void>
  shutdown(): Promise<void>
}

/**
 * A processor that keeps the ledger. It receives spans that another processor has converted, including unsampled ones,
 * and is told about provider calls that never end.
 */
export interface LedgerProcessor extends SpanProcessorLike {
  /** From this call on, the caller converts the spans. */
  takeConverted(): void
  onNeverEnded(span: SpanLike, status: NeverEnded): void
  /** Whether `onStarted` needs converted spans. */
  readonly wantsStarts?: boolean
  /** A provider call that has started, converted. It may never end. */
  onStarted?(span: SpanLike): void
  /** The row of a tool call that failed without a span: an unknown tool or invalid arguments. */
  onToolFailure?(call: Call): void
  /** Our code failed before a call reached this processor. */
  onFault?(site: string, error: unknown): void
}

// Checked by method, not by class: an application may load two copies of this package.
export function isLedgerProcessor(processor: SpanProcessorLike): processor is LedgerProcessor {
  return 'takeConverted' in processor && 'onNeverEnded' in processor
}
