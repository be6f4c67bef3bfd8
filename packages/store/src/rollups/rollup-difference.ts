/** Whether the rollups agree with the calls. */
export interface RollupCheck {
  /** UTC days that were checked. Days whose calls retention has deleted are left out. */
  readonly days: number
  readonly calls: number
  /** At most 100, empty if everything agrees; `differing` counts all. */
  readonly differences: readonly RollupDifference[]
  readonly differing: number
}

/** A stored sum that differs from its expected value. */
export interface RollupDifference {
  readonly rollup: string
  /** Epoch milliseconds. */
  readonly bucketStart: number
  readonly key: readonly (string | null)[]
  readonly column: string
  readonly kept: number | string | null
  readonly expected: number | string | null
}
