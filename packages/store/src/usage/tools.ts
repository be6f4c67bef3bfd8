import type { BucketSize, TimeBucket } from '../sums/time-bucket.ts'

/** How tools performed, with their failures and their calls over time. */
export interface ToolReport {
  /** The most called tool first. */
  readonly tools: readonly ToolUsage[]
  readonly overTime: ToolTimeseries
}

/** How one tool performed, and why its calls failed. */
export interface ToolUsage extends ToolStats {
  /** The most frequent first, at most 20. */
  readonly failures: readonly ToolFailure[]
}

/** How one tool performed. */
export interface ToolStats {
  readonly tool: string | null
  readonly calls: number
  readonly succeeded: number
  readonly failed: number
  /** Of the calls with a known duration; NULL if no duration is known. */
  readonly averageDurationMs: number | null
  /** The 95th percentile, with the accuracy of `Percentiles`. */
  readonly p95DurationMs: number | null
  /** When it was last called, epoch milliseconds; NULL if retention has deleted all its calls. */
  readonly lastStartedAt: number | null
}

/** Failed calls of a tool with the same message. */
export interface ToolFailure {
  readonly message: string | null
  readonly errorType: string | null
  readonly calls: number
  /** Epoch milliseconds. */
  readonly lastStartedAt: number
  /** The last of these calls. */
  readonly callId: string
}

/** Tool calls over time. */
export interface ToolTimeseries {
  readonly bucket: BucketSize
  readonly buckets: readonly TimeBucket[]
  /** Calls per tool, one number a bucket, the most called tool first. The ninth series adds up all other tools. */
  readonly calls: readonly ToolSeries[]
  /** Failed calls of all tools, one number a bucket. */
  readonly failures: readonly number[]
}

/** The calls of one tool over time. */
export interface ToolSeries {
  readonly key: string | null
  readonly isOther?: true
  readonly points: readonly number[]
}
