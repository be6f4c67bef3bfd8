import type { Call, CountsByReason } from '@spanledger/core'
import type { WriteResult } from '@spanledger/store'
import type { SpanFormat } from '../otlp/read-spans.ts'
import type { CallMetrics } from '../metrics/call-metrics.ts'

/** What became of a request of spans. */
export type SpansOutcome =
  | {
      readonly kind: 'stored'
      /** Spans that could not be read or stored; all others are durable or nothing to keep. */
      readonly rejected: number
      readonly reasons: CountsByReason
    }
  | Refused

/** What became of a request of call lines. */
export type LinesOutcome =
  | {
      readonly kind: 'stored'
      readonly stored: number
      readonly deduplicated: number
      readonly rejected: readonly RejectedLine[]
    }
  | Refused

/** Nothing was stored: the body is none, which no retry mends, or the database cannot take it now. */
export type Refused =
  | { readonly kind: 'malformed'; readonly message: string }
  | { readonly kind: 'unavailable'; readonly message: string }

/** A call line that was not stored. */
export interface RejectedLine {
  /** Counted from 1. */
  readonly line: number
  readonly reason: string
}

/** Since the start of this ingest: `received = notAI + steps + rejected + stored + deduplicated`, once nothing waits. */
export interface IngestStats {
  /** Spans and call lines. */
  readonly received: number
  /** Spans of something other than AI calls. */
  readonly notAI: number
  /** Spans of steps: they say what belongs together and make no row. */
  readonly steps: number
  readonly stored: number
  readonly deduplicated: number
  readonly rejected: CountsByReason
  /** Calls that wait for the database. */
  readonly waiting: number
  /** Runs that stand for provider calls that nobody saw. */
  readonly rootFallbacks: number
  /** Epoch milliseconds. */
  readonly lastReceivedAt: number | null
  readonly lastRejection: { readonly at: number; readonly reason: string } | null
  /** From the end of the newest call to its being stored; of the last write. */
  readonly lagMs: number | null
}

/** What `/metrics` shows of an ingest. */
export interface IngestSnapshot {
  readonly stats: IngestStats
  readonly calls: CallMetrics
}

/**
 * Takes what arrives and makes it durable. What it promises is over when the promise resolves. It takes over the bytes
 * it is given. Never rejects before it is closed; whoever makes one closes it, and it then finishes what it has taken.
 */
export interface Ingest {
  /** Stores the AI calls of a trace request, settled. */
  spans(body: Uint8Array<ArrayBuffer>, format: SpanFormat): Promise<SpansOutcome>
  /** Stores call lines. */
  lines(body: Uint8Array<ArrayBuffer>): Promise<LinesOutcome>
  /** Stores calls that somebody else has made; rejects if the database cannot take them. */
  write(calls: readonly Call[]): Promise<WriteResult>
  snapshot(): Promise<IngestSnapshot>
  close(): Promise<void>
}
