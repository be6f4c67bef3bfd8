/** Where a drain delivers calls: a store, or a server that has one. The drain closes it. */
export interface JournalTarget {
  /**
   * Stores call lines, each at most once, and the position in the same transaction where that is possible. Resolves when
   * they are durable. Rejects when none of them could be stored now; then the same lines are delivered again. A line that can
   * never be stored must not stop the others: it is returned with the reason.
   */
  deliver(batch: JournalBatch): Promise<Delivery>
  /** How much of a segment is stored, and what became of it. Undefined if nothing is known of it. */
  position(segment: string): Promise<DeliveredPosition | undefined>
  /** These segments are deleted, so their positions may be deleted too. */
  forget(segments: readonly string[]): Promise<void>
  /** Closes the connection to the database. Idempotent. The next delivery opens it again. */
  close(): Promise<void>
}

/** Call lines to store. */
export interface JournalBatch {
  readonly lines: readonly string[]
  /** How far the segment is delivered with these lines; absent for calls that never ended, and for lines that are delivered again. */
  readonly position?: { readonly segment: string; readonly offset: number } | undefined
}

/** What became of a batch: `stored + deduplicated + rejected.length` is its length. */
export interface Delivery {
  readonly stored: number
  readonly deduplicated: number
  readonly rejected: readonly RejectedLine[]
}

/** A line that can never be stored. */
export interface RejectedLine {
  readonly line: string
  /** One of a few fixed words, such as `invalid_call`. */
  readonly reason: string
  readonly message: string
}

/** What is stored of a segment, summed over all its batches. */
export interface DeliveredPosition {
  readonly offset: number
  readonly stored: number
  readonly deduplicated: number
  readonly rejected: number
}
