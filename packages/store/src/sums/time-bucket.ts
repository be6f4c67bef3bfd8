/** The width of the buckets of a time series, in the filter's time zone; weeks start on Monday. */
export type BucketSize = '15m' | '1h' | '6h' | '1d' | '1w' | '1mo'

/** Every bucket size, the narrowest first, for code that checks input. */
export const BUCKET_SIZES: readonly BucketSize[] = ['15m', '1h', '6h', '1d', '1w', '1mo']

/** A span of time. */
export interface TimeBucket {
  /** Epoch milliseconds. */
  readonly start: number
  /** The first time after it, epoch milliseconds. */
  readonly end: number
  /** Whether the requested range (or the present) cuts it off, so that it covers less time than its neighbours. */
  readonly isPartial: boolean
}
