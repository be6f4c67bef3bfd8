import type { RollupCheck } from './rollup-difference.ts'

/**
 * Checks and rebuilds the rollups: sums that are stored beside the calls, so that queries need not read every call. In a
 * database without rollups, `hasRollups` is false, a check finds no differences, and a rebuild yields nothing.
 */
export interface RollupStore {
  /** Recomputes the sums and compares them with the rollups. Reads every call. */
  rollupCheck(): Promise<RollupCheck>

  /**
   * Whether queries can use rollups. False in a database whose calls were written by a version without rollups, until
   * `rebuildRollups` has finished.
   */
  hasRollups(): Promise<boolean>

  /**
   * Recomputes the rollups, a day at a time, and yields the start of each finished day, epoch milliseconds. Needed if
   * another program filled the tables; until it has finished, queries read all calls.
   */
  rebuildRollups(): AsyncIterable<number>
}
