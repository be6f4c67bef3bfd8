import type { JSX } from 'preact'
import { useId, useMemo, useState } from 'preact/hooks'
import type { Bucket } from '../api/contract.ts'
import { type BucketLabel, createBucketLabel } from '../format/time.ts'
import { bucketSum, partialNote, type ChartData } from './chart-data.ts'
import { HEIGHT, layOut, MARGIN } from './bar-geometry.ts'
import { ChartAxes } from './chart-axes.tsx'
import { ChartTip } from './chart-tip.tsx'
import { mergeBuckets } from './merge-buckets.ts'
import { usePointer, useRoving } from './use-bar-input.ts'
import { useWidth } from './use-width.ts'

interface StackedBarsProps extends ChartData {
  readonly marked: string | undefined
  readonly onOpen?: (from: number, to: number) => void
  readonly onZoom?: (from: number, to: number) => void
}

interface DescribedBars extends StackedBarsProps {
  readonly label: (start: number, end: number) => BucketLabel
}

// Narrower ones cannot be told apart, or hit with a finger.
const BAR_WIDTH = 8

/** The bars themselves: one focus stop, arrows move, Enter opens, drawing over several zooms in. */
export function StackedBars(given: StackedBarsProps): JSX.Element {
  const [frame, width] = useWidth()
  const merged = useMemo(
    () => mergeBuckets(given.buckets, given.series, Math.max(width / BAR_WIDTH, 12), given.tz),
    [given.buckets, given.series, given.tz, width],
  )
  const label = useMemo(() => createBucketLabel(given.tz), [given.tz])
  const props = { ...given, ...merged, label }
  const { title, buckets, series, format, marked } = props
  const [active, setActive] = useState<number>()
  const hatch = useId()
  const geometry = useMemo(() => layOut(buckets, series, width), [buckets, series, width])
  const pointer = usePointer(props, geometry, setActive)
  const focused = useRoving(props, active, setActive)

  return (
    <div class="chart-frame" ref={frame}>
      {width > 0 && (
        <svg
          ref={focused.svg}
          width={width}
          height={HEIGHT}
          role="group"
          aria-label={`${title}. Arrow keys move over time.`}
          onPointerMove={pointer.move}
          onPointerDown={pointer.down}
          onPointerUp={pointer.up}
          onPointerLeave={pointer.leave}
        >
          <defs>
            <pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <rect class="hatch" width="3" height="6" />
            </pattern>
          </defs>
          <ChartAxes {...props} y={geometry.y} x={geometry.x} width={width} height={HEIGHT} margin={MARGIN} />
          {pointer.drawn !== undefined && (
            <rect
              class="drawn-range"
              x={geometry.x(pointer.drawn.first) ?? 0}
              y={MARGIN.top}
              width={
                (geometry.x(pointer.drawn.last) ?? 0) - (geometry.x(pointer.drawn.first) ?? 0) + geometry.x.bandwidth()
              }
              height={HEIGHT - MARGIN.top - MARGIN.bottom}
            />
          )}
          {buckets.map((bucket, index) => (
            <g
              key={bucket.start}
              class={active === index ? 'bucket is-active' : 'bucket'}
              data-index={index}
              role="button"
              tabindex={index === focused.stop ? 0 : -1}
              aria-label={describe(bucket, index, props)}
              onFocus={() => setActive(index)}
              onBlur={() => setActive(undefined)}
              onKeyDown={focused.press}
            >
              <rect
                class="bucket-back"
                x={geometry.left(index)}
                y={MARGIN.top}
                width={geometry.x.step()}
                height={HEIGHT - MARGIN.top - MARGIN.bottom}
              />
              {geometry.layers.map(({ series: { name, color }, bars }) => {
                const bar = bars[index]
                return bar === undefined || bar.height <= 0 ? null : (
                  <rect
                    key={name}
                    class={`bar fill-${color}${marked === undefined || marked === name ? '' : ' is-dimmed'}`}
                    {...bar}
                  />
                )
              })}
              {bucket.isPartial && geometry.tops[index] !== undefined && (
                <rect
                  class="bar-hatch"
                  x={geometry.x(index)}
                  width={geometry.x.bandwidth()}
                  y={geometry.tops[index]}
                  height={HEIGHT - MARGIN.bottom - geometry.tops[index]}
                  fill={`url(#${hatch})`}
                />
              )}
            </g>
          ))}
        </svg>
      )}
      {active !== undefined && buckets[active] !== undefined && (
        <ChartTip
          at={(geometry.x(active) ?? 0) + geometry.x.bandwidth() / 2}
          width={width}
          when={label(buckets[active].start, buckets[active].end).full}
          note={partialNote(buckets, active)}
          index={active}
          series={series}
          format={format}
        />
      )}
    </div>
  )
}

function describe(bucket: Bucket, index: number, { buckets, series, format, label, onOpen }: DescribedBars): string {
  const note = partialNote(buckets, index)
  const parts = series
    .map(({ name, points }) => ({ name, value: points[index] ?? null }))
    .filter(({ value }) => value !== null && value > 0)
    .toSorted((a, b) => (b.value ?? 0) - (a.value ?? 0))
    .slice(0, 3)
    .map(({ name, value }) => `${name} ${format(value)}`)
  const when = `${label(bucket.start, bucket.end).full}${note === undefined ? '' : `, ${note}`}`
  const what = [format(bucketSum(series, index)), ...(series.length > 1 ? parts : [])].join(', ')
  return `${when}: ${what}${onOpen === undefined ? '' : '. Enter shows its calls'}`
}
