import type { BucketSize } from '../sums/time-bucket.ts'
import type { CallFilter } from '../calls/call-filter.ts'
import { createTimeGrid, type TimeGrid } from '../sums/time-buckets.ts'
import type { UsageAsker } from './usage-asker.ts'

/** Cuts the range of a filter into buckets. An open range starts at the first call and ends now. */
export async function createFilterGrid(
  asker: UsageAsker,
  { from, to, tz = 'UTC' }: CallFilter,
  { size, now }: { readonly size: BucketSize | 'auto'; readonly now: number },
): Promise<TimeGrid> {
  const range = from === undefined || to === undefined ? await asker.range() : undefined
  const end = to ?? Math.max(now, range?.to ?? 0)
  return createTimeGrid({ from: Math.min(from ?? range?.from ?? end, end), to: end, tz, size })
}
