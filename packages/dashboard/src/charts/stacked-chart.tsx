import type { JSX } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import type { ChartData, ChartSeries } from './chart-data.ts'
import { sumOf } from './chart-data.ts'
import { ChartTable } from './chart-table.tsx'
import { StackedBars } from './stacked-bars.tsx'

interface StackedChartProps extends ChartData {
  /** Called when a bucket is opened. */
  readonly onOpen?: (from: number, to: number) => void
  /** Called when the pointer selects several buckets. */
  readonly onZoom?: (from: number, to: number) => void
  /** Called when a series is picked in the legend. */
  readonly onPick?: (series: ChartSeries) => void
}

/** Bars over time, stacked by series, with a legend to pick from and a table of the same numbers. */
export function StackedChart(props: StackedChartProps): JSX.Element {
  const { format, onPick } = props
  // The server always sends the series of the rest, also when it is empty.
  const series = useMemo(
    () => props.series.filter(({ isOther, points }) => isOther !== true || (sumOf(points) ?? 0) > 0),
    [props.series],
  )
  const [marked, setMarked] = useState<string | undefined>()
  return (
    <div class="chart" data-marked={marked}>
      <StackedBars {...props} series={series} marked={marked} />
      <ul class="legend" aria-label={`${props.title}: series`}>
        {series.map((one) => (
          <li key={one.name} onMouseEnter={() => setMarked(one.name)} onMouseLeave={() => setMarked(undefined)}>
            <button
              type="button"
              disabled={onPick === undefined || one.isOther === true}
              title={onPick === undefined || one.isOther === true ? undefined : `Show only ${one.name}`}
              onFocus={() => setMarked(one.name)}
              onBlur={() => setMarked(undefined)}
              onClick={() => onPick?.(one)}
            >
              <span class={`swatch fill-${one.color}`} aria-hidden="true" />
              <span class="legend-name">{one.name}</span>
              <span class="legend-value">{format(sumOf(one.points))}</span>
            </button>
          </li>
        ))}
        {props.previous !== undefined && (
          <li class="legend-previous">
            <svg viewBox="0 0 14 9" width="14" height="9" aria-hidden="true">
              <path class="previous-mark" d="M0 4.5h14" />
            </svg>
            <span class="legend-name">Previous period</span>
            <span class="legend-value">{format(sumOf(props.previous))}</span>
          </li>
        )}
      </ul>
      <ChartTable {...props} series={series} />
    </div>
  )
}
