/** Whether the rollups agree with the calls. */
export interface RollupCheck {
  /** Days in UTC that were added up again. Days whose calls retention has deleted are left out. */
  readonly days: number
  readonly calls: number
  /** Empty if everything agrees; at most 100 are listed, `differing` counts all. */
  readonly differences: readonly RollupDifference[]
  readonly differing: number
}

/** A sum that differs from what it should be. */
export interface RollupDifference {
  readonly rollup: string
  /** Epoch milliseconds. */
  readonly bucketStart: number
  readonly key: readonly (string | null)[]
  readonly column: string
  readonly kept: number | string | null
  readonly expected: number | string | null
}
