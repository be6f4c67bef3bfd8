import type { Call } from './call.ts'

/** Why calls were not stored, and how many. */
export type CountsByReason = Readonly<Record<string, number>>

/** `generated = stored + deduplicated + rejected + dropped + journaled (+ adopted)`, exactly, at every moment. */
export interface UsageSinkStats {
  /** Calls handed to `write`. */
  readonly generated: number
  /** Calls that the database holds because of this sink. */
  readonly stored: number
  /** Calls that the database already held; the two versions were joined. */
  readonly deduplicated: number
  readonly rejected: CountsByReason
  readonly dropped: CountsByReason
  /** Calls taken over but not yet stored: in the journal, or in memory where there is none. */
  readonly journaled: number
  /**
   * Calls that another process took over from the journal because this one stood still; that one stores them and counts
   * them. Absent if there are none, which is as good as always.
   */
  readonly adopted?: number | undefined
}

/**
 * Where calls go. The maker closes it.
 *
 * `write` takes over one call and returns at once: it never throws and never waits. The call is not kept by reference,
 * so the caller may do with it what it likes. The same (`trace_id`, `span_id`) may be written any number of times; the
 * versions are joined by `mergeCall` and stay one row.
 */
export interface UsageSink {
  write(call: Call): void
  /**
   * Tells of a provider call that has started, with status `open`; `write` follows when it has ended. If the process dies
   * in between, the call becomes a row all the same, as `crashed`. Sinks that cannot survive the process leave it out.
   * It is no call of its own: `stats` does not count it.
   */
  start?(call: Call): void
  /**
   * Counts a call that could not be handed over, as generated and dropped for this reason, such as `circuit_open`. Only
   * for calls that `write` did not get, or threw back.
   */
  leaveOut?(reason: string): void
  /** Resolves when everything written before is stored, or when it is known that it cannot be. Never rejects. */
  flush(): Promise<void>
  /** Flushes and lets go of files, workers and timers. Idempotent; never rejects. */
  close(): Promise<void>
  stats(): UsageSinkStats
}
