import type { Bucket, Series } from '@spanledger/server/api'
import { valueLabel } from '../view/filters.ts'

/** A series with the name and the colour it has on the whole page. */
export interface ChartSeries extends Series {
  readonly name: string
  /** 1 to 8; 0 is for the rest. */
  readonly color: number
}

/** How many colours can be told apart. */
const COLORS = 8

/** Names the series of a chart. The same key has the same colour in all charts that are given the same order. */
export function nameSeries(series: readonly Series[], order: readonly Series[] = series): readonly ChartSeries[] {
  const keys = order.filter(({ isOther }) => isOther !== true).map(({ key }) => key)
  return series.map((one) => {
    const place = keys.indexOf(one.key)
    const color = one.isOther === true || place === -1 ? 0 : (place % COLORS) + 1
    return { ...one, name: one.isOther === true ? 'Other' : valueLabel(one.label ?? one.key), color }
  })
}

/** The sum of a series; null if every point is unknown. */
export function sumOf(points: readonly (number | null)[]): number | null {
  const known = points.filter((point) => point !== null)
  return known.length === 0 ? null : known.reduce((sum, point) => sum + point, 0)
}

/** The sum of a bucket over all series. */
export function bucketSum(series: readonly Series[], index: number): number | null {
  return sumOf(series.map(({ points }) => points[index] ?? null))
}

/** Says that a bucket is incomplete: the last one is still running, another is cut by the range. */
export function partialNote(buckets: readonly Bucket[], index: number): string | undefined {
  if (buckets[index]?.isPartial !== true) return undefined
  return index === buckets.length - 1 ? 'so far' : 'partial'
}

/** Everything a chart of buckets is drawn from. */
export interface ChartData {
  readonly title: string
  readonly buckets: readonly Bucket[]
  readonly series: readonly ChartSeries[]
  /** The sums of the buckets in the previous period, where the reader compares. */
  readonly previous?: readonly (number | null)[] | undefined
  readonly format: (value: number | null) => string
  readonly formatAxis: (value: number) => string
  readonly tz: string
}
