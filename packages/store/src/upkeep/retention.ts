/** What is deleted. Each is a time in epoch milliseconds; what is left out stays. */
export interface PruneOptions {
  /** Content of calls that were stored before this time. */
  readonly contentOlderThan?: number | undefined
  /**
   * Calls that started before this time, with their content, and events that happened before it. Rounded down to the
   * start of a day in UTC. Their sums stay, so summaries still count them. A call of that time that is written later is
   * stored until the next pruning, and not counted, because it may have been counted before.
   */
  readonly callsOlderThan?: number | undefined
  /** Their sums, rounded down likewise. */
  readonly rollupsOlderThan?: number | undefined
  /** Only counts what would be deleted. */
  readonly dryRun?: boolean | undefined
}

/** What has been deleted (or would be) so far from one table. */
export interface PruneProgress {
  readonly what: 'content' | 'calls' | 'events' | 'rollups'
  /** Rows, since the start. */
  readonly rows: number
  readonly isDone: boolean
}
