import type { Grouping } from '../calls/call-filter.ts'
import type { BucketSize, TimeBucket } from '../sums/time-bucket.ts'
import type { UsageTotals } from '../sums/usage-totals.ts'

/** Options of a time series. */
export interface TimeseriesOptions {
  /** `auto`, the default, is the narrowest size with at most 200 buckets. A size with more than 2,000 is an error. */
  readonly bucket?: BucketSize | 'auto' | undefined
  readonly groupBy?: Exclude<Grouping, 'day'> | undefined
  /** The number of separate groups, 1 to 100; 8 by default. The last group adds up the others. */
  readonly limit?: number | undefined
}

/** Calls over time. */
export interface Timeseries {
  readonly bucket: BucketSize
  /** Without gaps: from the bucket of `from` (or of the first call) to the bucket of `to` (or of the present). */
  readonly buckets: readonly TimeBucket[]
  /** One for each bucket. */
  readonly totals: readonly UsageTotals[]
  /** The most expensive groups of the whole range, the most expensive first. Missing without `groupBy`. */
  readonly groups?: readonly TimeseriesGroup[] | undefined
}

/** One group over time. */
export interface TimeseriesGroup {
  readonly key: string | null
  /** All groups that are not listed separately, added up; the key is NULL. */
  readonly isOther?: true
  /** One for each bucket. */
  readonly totals: readonly UsageTotals[]
}
