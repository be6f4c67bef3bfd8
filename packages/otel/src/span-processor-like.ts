import type { Context } from '@opentelemetry/api'
import type { Call, SpanLike } from '@spanledger/core'
import type { NeverEnded } from './open-calls.ts'
import type { StartedSpanLike } from './trace-stamps.ts'

/** OpenTelemetry's `SpanProcessor`, as far as SDK 1, 2 and 3 agree on it. */
export interface SpanProcessorLike {
  onStart(span: StartedSpanLike, parentContext: Context): void
  onEnd(span: SpanLike): void
  forceFlush(): Promise<void>
  shutdown(): Promise<void>
}

/**
 * A processor that keeps the ledger. It takes spans that another processor has converted, those that sampling left out
 * included, and hears of provider calls that never end.
 */
export interface LedgerProcessor extends SpanProcessorLike {
  /** Whoever calls this does the converting from now on. */
  takeConverted(): void
  onNeverEnded(span: SpanLike, status: NeverEnded): void
  /** Whether `onStarted` is worth converting a span for. */
  readonly wantsStarts?: boolean
  /** A provider call that has started, converted; it will end, or will never. */
  onStarted?(span: SpanLike): void
  /** The row of a tool call that failed without a span: no such tool, or arguments that do not fit. */
  onToolFailure?(call: Call): void
}

// By its methods, not by its class: two copies of this package may meet in one application.
export function isLedgerProcessor(processor: SpanProcessorLike): processor is LedgerProcessor {
  return 'takeConverted' in processor && 'onNeverEnded' in processor
}
