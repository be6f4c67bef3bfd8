/**
 * Where a drain delivers calls: a store, or a server that has one. Its maker joins the two; the drain closes it.
 */
export interface JournalTarget {
  /**
   * Stores call lines, each at most once, and the position with them in one transaction where that is possible. Resolves
   * when they are durable. Rejects when nothing of the list could be stored now; the same list comes again then. A line that can never be
   * stored does not hold up the others: it is given back with the reason.
   */
  deliver(batch: JournalBatch): Promise<Delivery>
  /** How much of a segment is stored, and what became of it. Nothing if it is not known. */
  position(segment: string): Promise<DeliveredPosition | undefined>
  /** These segments are gone, and their positions can go. */
  forget(segments: readonly string[]): Promise<void>
  /** Lets go of the database. Idempotent; opened again by the next delivery. */
  close(): Promise<void>
}

/** Call lines on their way. */
export interface JournalBatch {
  readonly lines: readonly string[]
  /** Where the segment stands after them; nothing for lines that are not counted, because no call was handed over. */
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
  /** A short fixed word, such as `invalid_call`. */
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
