/** The rows to delete. Times are epoch milliseconds; rows of an omitted option stay. */
export interface PruneOptions {
  /** Content of calls that were stored before this time. */
  readonly contentOlderThan?: number | undefined
  /**
   * Calls that started before this time, with their content, and events that happened before it. Rounded down to the
   * start of a UTC day. Their rollups stay, so summaries still count them. A call from that time that is written later is
   * stored until the next pruning but not counted, because it may have been counted before.
   */
  readonly callsOlderThan?: number | undefined
  /** Rollups of calls that started before this time, rounded down in the same way. */
  readonly rollupsOlderThan?: number | undefined
  /** Only counts what would be deleted. */
  readonly dryRun?: boolean | undefined
}

/** The rows of one kind that were deleted so far, or would be. */
export interface PruneProgress {
  readonly what: 'content' | 'calls' | 'events' | 'rollups'
  /** The number of rows since the start. */
  readonly rows: number
  readonly isDone: boolean
}
