import type { Call } from './call.ts'

/** How many calls were not stored, by reason. */
export type CountsByReason = Readonly<Record<string, number>>

/** `generated = stored + deduplicated + rejected + dropped + journaled (+ adopted)`, exactly, at every moment. */
export interface UsageSinkStats {
  /** Calls handed to `write`. */
  readonly generated: number
  /** Calls stored by this sink. */
  readonly stored: number
  /** Calls that the database already held; the two versions were merged. */
  readonly deduplicated: number
  readonly rejected: CountsByReason
  readonly dropped: CountsByReason
  /** Calls accepted but not yet stored: in the journal, or in memory if there is no journal. */
  readonly journaled: number
  /**
   * Calls that another process adopted from the journal because this one had stalled. That process stores and counts
   * them. Absent if there are none, which is the usual case.
   */
  readonly adopted?: number | undefined
  /**
   * Errors inside Spanledger that were kept from the application. A call for which one happened may be missing from all
   * other counts. Absent if there are none, which is the usual case.
   */
  readonly faults?: number | undefined
}

/**
 * Where calls go. Its creator closes it.
 *
 * `write` accepts one call and returns at once: it never throws and never blocks. The sink keeps no reference to the
 * call, so the caller may reuse it. The same (`trace_id`, `span_id`) may be written any number of times; `mergeCall`
 * merges the versions into one row.
 */
export interface UsageSink {
  write(call: Call): void
  /**
   * Reports a provider call that has started, with status `open`; `write` follows when it ends. If the process dies in
   * between, the call is stored as `crashed`. Sinks that cannot survive the process omit this method. It does not count
   * in `stats`.
   */
  start?(call: Call): void
  /**
   * Counts a call that was not written as generated and dropped, with a reason such as `circuit_open`. Only for calls
   * that `write` did not receive or that it threw on.
   */
  leaveOut?(reason: string): void
  /** Counts an error of our own code on the way to `write`, and reports the first one. The site says what was being done. */
  fault?(site: string, error: unknown): void
  /** Resolves when everything written before is stored, or is known to be lost. Never rejects. */
  flush(): Promise<void>
  /** Flushes, then releases files, workers and timers. Idempotent; never rejects. */
  close(): Promise<void>
  stats(): UsageSinkStats
}
