import type { Call } from '@spanledger/core'
import type { StepLink } from '../steps/step-link.ts'

/** A good number of calls for one write. */
export const WRITE_BATCH_SIZE = 512

/** How a list is written. */
export interface WriteOptions {
  /**
   * Derives the columns that depend on a whole trace; `settleTrace` of core. It receives every stored call of each trace
   * in the list, without content, together with the list's own calls, in the same transaction. The columns it changes
   * are stored. It must be pure and idempotent.
   */
  readonly settle?: ((calls: readonly Call[]) => readonly Call[]) | undefined

  /** The steps received with the calls; stored as by `keepStepLinks`, and no later than the calls. */
  readonly links?: readonly StepLink[] | undefined

  /** The position of a journal after this list; stored in the transaction of its calls, or after it (see `write`). */
  readonly position?: JournalPosition | undefined
}

/**
 * The position of a journal after a list. The result of the list is added to the counts of the segment. A position that
 * is not beyond the stored one changes neither the position nor the counts: another process was faster, or the list was
 * sent again.
 */
export interface JournalPosition {
  /** The name of a segment, unique among all journals. */
  readonly segment: string
  /** Every frame of the segment up to this byte is stored. */
  readonly offset: number
  /** Added to the counts for calls before this offset that are not in the list, such as unreadable frames. */
  readonly counts?: JournalCounts | undefined
}

/** The results of the calls of a segment. */
export interface JournalCounts {
  readonly stored: number
  readonly deduplicated: number
  readonly rejected: number
}

/** How far a segment is stored, and the results of its calls so far. */
export interface StoredPosition extends JournalCounts {
  readonly offset: number
}

/** The result of a list: `stored + deduplicated + rejected.length` is its length. */
export interface WriteResult {
  /** Calls that were not stored before. */
  readonly stored: number
  /** Calls that were already stored, in this or another version. */
  readonly deduplicated: number
  readonly rejected: readonly RejectedCall[]
}

/** A call that the database cannot hold. */
export interface RejectedCall {
  readonly call: Call
  /** Such as `input_tokens is -1; expected a non-negative integer or null`. */
  readonly reason: string
}
