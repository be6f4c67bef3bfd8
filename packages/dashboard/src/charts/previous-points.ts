import type { Bucket } from '@spanledger/server/api'

interface Period {
  readonly buckets: readonly Bucket[]
  readonly points: readonly (number | null)[]
}

/**
 * The points of the period before, as long and just before, laid over the buckets of this one. It began at another time
 * of the day, so a bucket of it may lie over two of these; it is shared out by time, and the sum stays what it was.
 */
export function previousPoints(
  { from, to }: { readonly from: number; readonly to: number },
  buckets: readonly Bucket[],
  before: Period,
): readonly (number | null)[] {
  const length = to - from
  // Buckets begin and end with the clock, also where the range does not: it cuts them.
  const spans = before.buckets.map(({ start, end }, index) => ({
    start: Math.max(start + length, from),
    end: Math.min(end + length, to),
    point: before.points[index] ?? null,
  }))
  return buckets.map((bucket) => {
    const shares = spans.flatMap(({ start, end, point }) => {
      const overlap = Math.min(bucket.end, end) - Math.max(bucket.start, start)
      return point === null || overlap <= 0 ? [] : [(point * overlap) / (end - start)]
    })
    return shares.length === 0 ? null : shares.reduce((sum, share) => sum + share, 0)
  })
}
