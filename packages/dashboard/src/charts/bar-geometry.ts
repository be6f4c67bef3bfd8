import type { Bucket } from '@spanledger/server/api'
import { scaleBand } from 'd3-scale'
import { stack } from 'd3-shape'
import { bucketSum, type ChartSeries } from './chart-data.ts'
import { linearScale, roundEnd } from './linear-scale.ts'

/** The height of a chart. */
export const HEIGHT = 216

/** Where the bars are not: room for the numbers beside them. */
export const MARGIN = { top: 12, right: 4, bottom: 24, left: 48 }

/** Where everything of a chart is. */
export type BarGeometry = ReturnType<typeof layOut>

/** What is drawn: bars, and the line of the period before where it is compared with. */
export interface BarInput {
  readonly buckets: readonly Bucket[]
  readonly series: readonly ChartSeries[]
  readonly previous?: readonly (number | null)[] | undefined
}

/**
 * Works out where the bars are. What is unknown takes no room; the tip and the table say that it is unknown. All bars
 * of a series are one path: a thousand elements of their own take a browser longer than a reader waits.
 */
export function layOut({ buckets, series, previous = [] }: BarInput, width: number) {
  const x = scaleBand<number>()
    .domain(buckets.map((_, index) => index))
    .range([MARGIN.left, Math.max(width - MARGIN.right, MARGIN.left + 1)])
    .paddingInner(buckets.length > 100 ? 0.12 : 0.24)
    .paddingOuter(0.12)
  const sums = buckets.map((_, index) => bucketSum(series, index) ?? 0)
  const highest = Math.max(0, ...sums, ...previous.map((point) => point ?? 0))
  const y = linearScale({
    domain: [0, roundEnd(highest === 0 ? 1 : highest, 4)],
    range: [HEIGHT - MARGIN.bottom, MARGIN.top],
  })
  const stacked = stack<number, number>()
    .keys(series.map((_, place) => place))
    .value((index, place) => series[place]?.points[index] ?? 0)(buckets.map((_, index) => index))
  const bar = ([low = 0, high = 0]: readonly number[], index: number): string =>
    high > low ? box(x(index) ?? 0, y(high), x.bandwidth(), Math.max(y(low) - y(high), 0.5)) : ''
  const layers = series.map((one, place) => ({ series: one, path: (stacked[place] ?? []).map(bar).join('') }))
  const left = (index: number): number => (x(index) ?? 0) - (x.step() - x.bandwidth()) / 2
  // A mark over each bar, because a line between this many bars is only noise.
  const before = previous
    .map((point, index) =>
      point === null ? '' : `M${(left(index) + 0.5).toFixed(1)} ${y(point).toFixed(1)}h${(x.step() - 1).toFixed(1)}`,
    )
    .join('')
  const indexAt = (offset: number): number =>
    Math.max(0, Math.min(buckets.length - 1, Math.floor((offset - left(0)) / x.step())))
  return { isEmpty: highest === 0, x, y, layers, before, tops: sums.map((sum) => y(sum)), left, indexAt }
}

function box(x: number, y: number, width: number, height: number): string {
  return `M${x.toFixed(1)} ${y.toFixed(1)}h${width.toFixed(1)}v${height.toFixed(1)}h-${width.toFixed(1)}z`
}
