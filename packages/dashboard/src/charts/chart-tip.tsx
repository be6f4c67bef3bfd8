import type { JSX } from 'preact'
import { bucketSum, type ChartSeries } from './chart-data.ts'

interface ChartTipProps {
  readonly at: number
  readonly width: number
  readonly note: string | undefined
  readonly index: number
  readonly series: readonly ChartSeries[]
  readonly previous: readonly (number | null)[] | undefined
  readonly format: (value: number | null) => string
  readonly when: string
}

/** The numbers of one bucket, beside it. A screen reader reads them from the name of the bar. */
export function ChartTip({ at, width, note, index, series, previous, format, when }: ChartTipProps): JSX.Element {
  const rows = series
    .map(({ name, color, points }) => ({ name, color, value: points[index] ?? null }))
    .filter(({ value }) => value === null || value > 0)
    .toSorted((a, b) => (b.value ?? -1) - (a.value ?? -1))
  const place = at > width / 2 ? { right: `${Math.round(width - at + 14)}px` } : { left: `${Math.round(at + 14)}px` }
  return (
    <div class="tip" aria-hidden="true" style={place}>
      <p class="tip-head">
        <span>{when}</span>
        <strong>{format(bucketSum(series, index))}</strong>
      </p>
      {note !== undefined && <p class="muted">{note}</p>}
      {previous !== undefined && <p class="muted">{format(previous[index] ?? null)} in the previous period</p>}
      {rows.length > 1 && (
        <ul>
          {rows.map(({ name, color, value }) => (
            <li key={name}>
              <span class={`swatch fill-${color}`} />
              <span class="legend-name">{name}</span>
              <span class="legend-value">{format(value)}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
