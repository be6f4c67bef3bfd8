import type { JSX } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import { createBucketLabel } from '../format/time.ts'
import { bucketSum, type ChartData, partialNote, sumOf } from './chart-data.ts'

/** The numbers of a chart as a table. */
export function ChartTable({ title, buckets, series, previous, format, tz }: ChartData): JSX.Element {
  const [isOpen, setOpen] = useState(false)
  const label = useMemo(() => createBucketLabel(tz), [tz])
  return (
    <details class="chart-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        Show as table<span class="sr-only">: {title}</span>
      </summary>
      {isOpen && (
        <div class="table-frame" role="region" aria-label={`${title}, as table`} tabIndex={0}>
          <table>
            <caption class="sr-only">{title}</caption>
            <thead>
              <tr>
                <th scope="col">Time</th>
                {series.map(({ name }) => (
                  <th scope="col" class="number" key={name}>
                    {name}
                  </th>
                ))}
                <th scope="col" class="number">
                  Total
                </th>
                {previous !== undefined && (
                  <th scope="col" class="number">
                    Previous period
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {buckets.map(({ start, end }, index) => (
                <tr key={start}>
                  <th scope="row">
                    {label(start, end).full}
                    <span class="muted"> {partialNote(buckets, index)}</span>
                  </th>
                  {series.map(({ name, points }) => (
                    <td class="number" key={name}>
                      {format(points[index] ?? null)}
                    </td>
                  ))}
                  <td class="number">{format(bucketSum(series, index))}</td>
                  {previous !== undefined && <td class="number">{format(previous[index] ?? null)}</td>}
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr>
                <th scope="row">Total</th>
                {series.map(({ name, points }) => (
                  <td class="number" key={name}>
                    {format(sumOf(points))}
                  </td>
                ))}
                <td class="number">{format(sumOf(series.flatMap(({ points }) => points)))}</td>
                {previous !== undefined && <td class="number">{format(sumOf(previous))}</td>}
              </tr>
            </tfoot>
          </table>
        </div>
      )}
    </details>
  )
}
