import type { PruneOptions, PruneProgress } from './retention.ts'
import type { StoreSize } from './store-size.ts'

/** Deletes old rows and measures the database. */
export interface UpkeepStore {
  /**
   * Deletes old rows, about 500 a transaction, so that other writers wait only a moment. Yields the progress after each
   * transaction. To stop, stop iterating.
   */
  prune(options: PruneOptions): AsyncIterable<PruneProgress>

  /** The size of the database and of its calls. */
  size(): Promise<StoreSize>
}
