import { scaleBand, scaleLinear } from 'd3-scale'
import { stack } from 'd3-shape'
import type { Bucket } from '../api/contract.ts'
import { bucketSum, type ChartSeries } from './chart-data.ts'

/** The height of a chart. */
export const HEIGHT = 216

/** Where the bars are not: room for the numbers beside them. */
export const MARGIN = { top: 12, right: 4, bottom: 24, left: 48 }

/** Where everything of a chart is. */
export type BarGeometry = ReturnType<typeof layOut>

/** Works out where the bars are. What is unknown takes no room; the tip and the table say that it is unknown. */
export function layOut(buckets: readonly Bucket[], series: readonly ChartSeries[], width: number) {
  const x = scaleBand<number>()
    .domain(buckets.map((_, index) => index))
    .range([MARGIN.left, Math.max(width - MARGIN.right, MARGIN.left + 1)])
    .paddingInner(buckets.length > 100 ? 0.12 : 0.24)
    .paddingOuter(0.12)
  const highest = Math.max(0, ...buckets.map((_, index) => bucketSum(series, index) ?? 0))
  const y = scaleLinear()
    .domain([0, highest === 0 ? 1 : highest])
    .nice(4)
    .range([HEIGHT - MARGIN.bottom, MARGIN.top])
  const stacked = stack<number, number>()
    .keys(series.map((_, place) => place))
    .value((index, place) => series[place]?.points[index] ?? 0)(buckets.map((_, index) => index))
  const layers = series.map((one, place) => ({
    series: one,
    bars: (stacked[place] ?? []).map(([low, high], index) => ({
      x: x(index) ?? 0,
      width: x.bandwidth(),
      y: y(high),
      height: Math.max(y(low) - y(high), high > low ? 0.5 : 0),
    })),
  }))
  const tops = buckets.map((_, index) => y(bucketSum(series, index) ?? 0))
  const left = (index: number): number => (x(index) ?? 0) - (x.step() - x.bandwidth()) / 2
  const indexAt = (offset: number): number =>
    Math.max(0, Math.min(buckets.length - 1, Math.floor((offset - left(0)) / x.step())))
  return { x, y, layers, tops, left, indexAt }
}
