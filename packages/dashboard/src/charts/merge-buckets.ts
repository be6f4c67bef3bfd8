import { createWallClock } from '@spanledger/core/time'
import type { BarInput } from './bar-geometry.ts'
import { sumOf } from './chart-data.ts'

// Each divides a day's hours, so that merged buckets begin where a day does.
const SIZES = [1, 2, 3, 4, 6, 8, 12, 24, 48, 96]

/** Adds up neighbouring buckets until there are few enough to be told apart. Only for sums. */
export function mergeBuckets({ buckets, series, previous }: BarInput, most: number, tz: string): BarInput {
  const [first] = buckets
  const size = SIZES.find((count) => buckets.length / count <= most) ?? SIZES.at(-1) ?? 1
  if (first === undefined || size === 1) return { buckets, series, previous }
  // The first and the last may be cut; one in the middle is as long as they all are.
  const { start, end } = buckets[Math.floor(buckets.length / 2)] ?? first
  const length = (end - start) * size
  const { wallTimeAt } = createWallClock(tz)
  const groups = Map.groupBy(
    buckets.map((bucket, index) => ({ bucket, index })),
    ({ bucket }) => Math.floor(wallTimeAt(bucket.start) / length),
  )
  const members = [...groups.values()]
  const merged = (points: readonly (number | null)[]): (number | null)[] =>
    members.map((group) => sumOf(group.map(({ index }) => points[index] ?? null)))
  return {
    buckets: members.map((group) => ({
      start: group[0]?.bucket.start ?? 0,
      end: group.at(-1)?.bucket.end ?? 0,
      isPartial: group.some(({ bucket }) => bucket.isPartial),
    })),
    series: series.map((one) => ({ ...one, points: merged(one.points) })),
    previous: previous && merged(previous),
  }
}
