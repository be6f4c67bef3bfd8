import { DAY_MS } from '@spanledger/core/time'
import type { Bucket } from '@spanledger/server/api'
import type { ScaleBand } from 'd3-scale'
import type { JSX } from 'preact'
import type { BucketLabel } from '../format/time.ts'
import type { ChartData } from './chart-data.ts'
import type { LinearScale } from './linear-scale.ts'

interface ChartAxesProps extends ChartData {
  readonly label: (start: number, end: number) => BucketLabel
  /** Nothing is drawn, so the axis has no scale. */
  readonly isEmpty: boolean
  readonly x: ScaleBand<number>
  readonly y: LinearScale
  readonly width: number
  readonly height: number
  readonly margin: { readonly right: number; readonly bottom: number; readonly left: number }
}

const TICK_WIDTH = 64

/** Lines and numbers behind the bars. The same is in every bar's name, so a screen reader need not read them. */
export function ChartAxes({
  isEmpty,
  x,
  y,
  width,
  height,
  margin,
  buckets,
  formatAxis,
  label,
}: ChartAxesProps): JSX.Element {
  const ticks = ticksOf(buckets, label, (width - margin.left) / TICK_WIDTH)
  return (
    <g class="axes" aria-hidden="true">
      {/* Nothing is counted in halves, and money is in whole nano-dollars. */}
      {y
        .ticks(4)
        .filter((tick) => Number.isInteger(tick) && (tick === 0 || !isEmpty))
        .map((tick) => (
          <g key={tick}>
            <line
              class={tick === 0 ? 'axis-line' : 'grid-line'}
              x1={margin.left}
              x2={width - margin.right}
              y1={y(tick)}
              y2={y(tick)}
            />
            <text x={margin.left - 8} y={y(tick)} dy="0.32em" text-anchor="end">
              {formatAxis(tick)}
            </text>
          </g>
        ))}
      {ticks.map(({ index, label }) => (
        <text key={index} x={tickX(x, index, width)} y={height - 6} text-anchor="middle">
          {label}
        </text>
      ))}
    </g>
  )
}

// Where a day has several buckets and there are several days, only the days are named.
function ticksOf(
  buckets: readonly Bucket[],
  label: (start: number, end: number) => BucketLabel,
  most: number,
): readonly { readonly index: number; readonly label: string }[] {
  const [first, last] = [buckets[0], buckets.at(-1)]
  const labels = buckets.map(({ start, end }, index) => ({ index, label: label(start, end).tick }))
  const hasDays = first !== undefined && last !== undefined && last.end - first.start > 2 * DAY_MS
  const named =
    hasDays && first.end - first.start < DAY_MS * 0.8 ? labels.filter(({ label }) => !label.includes(':')) : labels
  const every = Math.max(1, Math.ceil(named.length / Math.max(most, 1)))
  // Counted from the last one, because now is what readers look for.
  return named.filter((_, place) => (named.length - 1 - place) % every === 0)
}

function tickX(x: ScaleBand<number>, index: number, width: number): number {
  return Math.min((x(index) ?? 0) + x.bandwidth() / 2, width - 22)
}
