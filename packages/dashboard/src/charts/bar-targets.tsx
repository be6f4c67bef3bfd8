import type { Bucket } from '@spanledger/server/api'
import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { BucketLabel } from '../format/time.ts'
import { type BarGeometry, HEIGHT, MARGIN } from './bar-geometry.ts'
import { bucketSum, type ChartData, partialNote } from './chart-data.ts'

interface BarTargetsProps extends ChartData {
  readonly label: (start: number, end: number) => BucketLabel
  readonly onOpen?: ((from: number, to: number) => void) | undefined
  readonly geometry: BarGeometry
  /** The one that Tab stops at. */
  readonly stop: number
}

/** The invisible buttons behind the bars, one for each bucket; its name holds the numbers. */
export function BarTargets(props: BarTargetsProps): JSX.Element {
  const { buckets, series, previous, geometry, label, stop, format } = props
  const canOpen = props.onOpen !== undefined
  const target = (bucket: Bucket, index: number, name: string): JSX.Element => (
    <g
      key={bucket.start}
      class="bucket"
      data-index={index}
      role="button"
      tabindex={index === stop ? 0 : -1}
      aria-label={name}
    >
      <rect
        class="bucket-back"
        x={geometry.left(index)}
        y={MARGIN.top}
        width={geometry.x.step()}
        height={HEIGHT - MARGIN.top - MARGIN.bottom}
      />
    </g>
  )
  const names = useMemo(
    () => buckets.map((bucket, index) => describe(bucket, index, props)),
    [buckets, series, previous, label, format, canOpen],
  )
  // The same element again is not compared again, so that moving over a chart costs two of them, not two hundred.
  const idle = useMemo(
    () => buckets.map((bucket, index) => target(bucket, index, names[index] ?? '')),
    [buckets, geometry, names],
  )
  return (
    <>{buckets.map((bucket, index) => (index === stop ? target(bucket, index, names[index] ?? '') : idle[index]))}</>
  )
}

function describe(bucket: Bucket, index: number, props: BarTargetsProps): string {
  const { buckets, series, previous, format, label, onOpen } = props
  const note = partialNote(buckets, index)
  const parts = series
    .map(({ name, points }) => ({ name, value: points[index] ?? null }))
    .filter(({ value }) => value !== null && value > 0)
    .toSorted((a, b) => (b.value ?? 0) - (a.value ?? 0))
    .slice(0, 3)
    .map(({ name, value }) => `${name} ${format(value)}`)
  const when = `${label(bucket.start, bucket.end).full}${note === undefined ? '' : `, ${note}`}`
  const what = [
    format(bucketSum(series, index)),
    ...(previous === undefined ? [] : [`${format(previous[index] ?? null)} in the previous period`]),
    ...(series.length > 1 ? parts : []),
  ]
  return `${when}: ${what.join(', ')}${onOpen === undefined ? '' : '. Press Enter to show its calls'}`
}
