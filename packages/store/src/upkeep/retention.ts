/** What goes. Each is a time in epoch milliseconds; what is not given stays. */
export interface PruneOptions {
  /** What was said in calls that were stored before this time. */
  readonly contentOlderThan?: number | undefined
  /**
   * Calls that started before this time, with what was said in them, and events that happened before it. Rounded down to
   * the start of a day in UTC. Their sums stay, so summaries still count them. A call of that time that is written later
   * is stored until the next time, and not counted, because it may have been counted before.
   */
  readonly callsOlderThan?: number | undefined
  /** Their sums, rounded down likewise. */
  readonly rollupsOlderThan?: number | undefined
  /** Only counts what would go. */
  readonly dryRun?: boolean | undefined
}

/** What has gone (or would go) so far from one table. */
export interface PruneProgress {
  readonly what: 'content' | 'calls' | 'events' | 'rollups'
  /** Rows, since the start. */
  readonly rows: number
  readonly isDone: boolean
}

/** Whether the sums that are kept are those of the calls. */
export interface RollupCheck {
  /** Days in UTC that were added up anew. Those of which retention took the calls cannot be. */
  readonly days: number
  readonly calls: number
  /** Nothing if all is well; at most 100 are given, `differing` counts all. */
  readonly differences: readonly RollupDifference[]
  readonly differing: number
}

/** A sum that is not what it should be. */
export interface RollupDifference {
  readonly rollup: string
  /** Epoch milliseconds. */
  readonly bucketStart: number
  readonly key: readonly (string | null)[]
  readonly column: string
  readonly kept: number | string | null
  readonly expected: number | string | null
}
