import type { Call, CountsByReason } from '@spanledger/core'
import type { WriteResult } from '@spanledger/store'
import type { SpanFormat } from '../otlp/read-spans.ts'
import type { CallMetrics } from './call-meter.ts'

/** What happened to a request of spans. */
export type SpansOutcome =
  | {
      readonly kind: 'stored'
      /** Spans that could not be read or stored. All others are durable, or are not AI calls. */
      readonly rejected: number
      readonly reasons: CountsByReason
    }
  | Refused

/** What happened to a request of call lines. */
export type LinesOutcome =
  | {
      readonly kind: 'stored'
      readonly stored: number
      readonly deduplicated: number
      readonly rejected: readonly LineRejection[]
    }
  | Refused

/** Nothing was stored: the body cannot be read, so a retry does not help, or the database cannot take it now. */
export type Refused =
  | { readonly kind: 'malformed'; readonly message: string }
  | { readonly kind: 'unavailable'; readonly message: string }

/** A call line that was not stored. */
export interface LineRejection {
  /** Counted from 1. */
  readonly line: number
  readonly reason: string
}

/** Counts since the start of this ingest: `received = notAI + steps + rejected + stored + deduplicated`, once nothing waits. */
export interface IngestStats {
  /** Spans and call lines. */
  readonly received: number
  /** Spans that are not AI calls. */
  readonly notAI: number
  /** Spans of steps: they show which calls belong together, and are not stored. */
  readonly steps: number
  readonly stored: number
  readonly deduplicated: number
  readonly rejected: CountsByReason
  /** Calls that wait for the database. */
  readonly waiting: number
  /** Runs that are billed because none of their provider calls arrived. */
  readonly rootFallbacks: number
  /** Epoch milliseconds. */
  readonly lastReceivedAt: number | null
  readonly lastRejection: { readonly at: number; readonly reason: string } | null
  /** From the end of the newest call of the last write until it was stored. */
  readonly lagMs: number | null
}

/** What `/metrics` shows of an ingest. */
export interface IngestSnapshot {
  readonly stats: IngestStats
  readonly calls: CallMetrics
}

/**
 * Stores what arrives; it is durable when the promise resolves. The ingest takes ownership of the bytes. `spans` and
 * `lines` never reject before it is closed. Its creator closes it, and it then finishes pending work.
 */
export interface Ingest {
  /** Stores the AI calls of a trace request, settled. */
  spans(body: Uint8Array<ArrayBuffer>, format: SpanFormat): Promise<SpansOutcome>
  /** Stores call lines. */
  lines(body: Uint8Array<ArrayBuffer>): Promise<LinesOutcome>
  /** Stores calls that were converted elsewhere. Rejects if the database cannot store them. */
  write(calls: readonly Call[]): Promise<WriteResult>
  snapshot(): Promise<IngestSnapshot>
  close(): Promise<void>
}
