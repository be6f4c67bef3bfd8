/** A time interval in epoch milliseconds. */
export interface Interval {
  readonly startMs: number
  readonly endMs: number
}

/** How much of `within` the intervals cover together; overlaps count once. */
export function coveredMs(intervals: readonly Interval[], within: Interval): number {
  let total = 0
  let coveredUntil = within.startMs
  for (const interval of intervals.toSorted((a, b) => a.startMs - b.startMs)) {
    const start = Math.max(interval.startMs, coveredUntil)
    const end = Math.min(interval.endMs, within.endMs)
    if (end > start) total += end - start
    coveredUntil = Math.max(coveredUntil, end)
  }
  return total
}
