import { scaleBand, scaleLinear } from 'd3-scale'
import { stack } from 'd3-shape'
import type { JSX } from 'preact'
import { useId, useMemo, useRef, useState } from 'preact/hooks'
import type { Bucket } from '../api/contract.ts'
import { bucketLabel } from '../format/time.ts'
import { bucketSum, partialNote, type ChartData, type ChartSeries } from './chart-data.ts'
import { ChartAxes } from './chart-axes.tsx'
import { ChartTip } from './chart-tip.tsx'
import { mergeBuckets } from './merge-buckets.ts'
import { useWidth } from './use-width.ts'

interface StackedBarsProps extends ChartData {
  readonly marked: string | undefined
  readonly onOpen?: (from: number, to: number) => void
  readonly onZoom?: (from: number, to: number) => void
}

const HEIGHT = 216
// Narrower ones cannot be told apart, or hit with a finger.
const BAR_WIDTH = 8
const MARGIN = { top: 12, right: 4, bottom: 24, left: 48 }

/** The bars themselves: one focus stop, arrows move, Enter opens, drawing over several zooms in. */
export function StackedBars(given: StackedBarsProps): JSX.Element {
  const [frame, width] = useWidth()
  const merged = useMemo(
    () => mergeBuckets(given.buckets, given.series, Math.max(width / BAR_WIDTH, 12), given.tz),
    [given.buckets, given.series, given.tz, width],
  )
  const props = { ...given, ...merged }
  const { title, buckets, series, format, tz, marked } = props
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
          bucket={buckets[active]}
          note={partialNote(buckets, active)}
          index={active}
          series={series}
          format={format}
          tz={tz}
        />
      )}
    </div>
  )
}

type Geometry = ReturnType<typeof layOut>

// What is unknown takes no room; the tip and the table say that it is unknown.
function layOut(buckets: readonly Bucket[], series: readonly ChartSeries[], width: number) {
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

function describe(bucket: Bucket, index: number, { buckets, series, format, tz, onOpen }: StackedBarsProps): string {
  const note = partialNote(buckets, index)
  const parts = series
    .map(({ name, points }) => ({ name, value: points[index] ?? null }))
    .filter(({ value }) => value !== null && value > 0)
    .toSorted((a, b) => (b.value ?? 0) - (a.value ?? 0))
    .slice(0, 3)
    .map(({ name, value }) => `${name} ${format(value)}`)
  const when = `${bucketLabel(bucket.start, bucket.end, tz).full}${note === undefined ? '' : `, ${note}`}`
  const what = [format(bucketSum(series, index)), ...(series.length > 1 ? parts : [])].join(', ')
  return `${when}: ${what}${onOpen === undefined ? '' : '. Enter shows its calls'}`
}

// One stop for Tab; the arrows move it, so that two hundred bars are not two hundred stops.
function useRoving(props: StackedBarsProps, active: number | undefined, setActive: (index: number) => void) {
  const svg = useRef<SVGSVGElement>(null)
  const last = props.buckets.length - 1
  const stop = Math.min(active ?? last, last)
  const press = (event: KeyboardEvent): void => {
    const moves: Readonly<Record<string, number>> = { ArrowLeft: stop - 1, ArrowRight: stop + 1, Home: 0, End: last }
    const bucket = props.buckets[stop]
    if (event.key === 'Enter' && bucket !== undefined) props.onOpen?.(bucket.start, bucket.end)
    const next = moves[event.key]
    if (next === undefined) return
    event.preventDefault()
    const index = Math.max(0, Math.min(last, next))
    setActive(index)
    svg.current?.querySelector<SVGGElement>(`[data-index="${index}"]`)?.focus()
  }
  return { svg, stop, press }
}

function usePointer(props: StackedBarsProps, geometry: Geometry, setActive: (index: number | undefined) => void) {
  const [start, setStart] = useState<number>()
  const [end, setEnd] = useState<number>()
  const indexOf = (event: PointerEvent & { readonly currentTarget: SVGSVGElement }): number =>
    geometry.indexAt(event.clientX - event.currentTarget.getBoundingClientRect().left)
  const first = Math.min(start ?? 0, end ?? 0)
  const last = Math.max(start ?? 0, end ?? 0)
  const stop = (): void => {
    setStart(undefined)
    setEnd(undefined)
  }
  return {
    drawn: start === undefined || end === undefined || start === end ? undefined : { first, last },
    move: (event: PointerEvent & { readonly currentTarget: SVGSVGElement }): void => {
      setActive(indexOf(event))
      if (start !== undefined) setEnd(indexOf(event))
    },
    down: (event: PointerEvent & { readonly currentTarget: SVGSVGElement }): void => {
      if (event.button !== 0 || event.pointerType === 'touch') return
      setStart(indexOf(event))
      setEnd(indexOf(event))
    },
    up: (): void => {
      const [from, to] = [props.buckets[first], props.buckets[last]]
      if (start === undefined || from === undefined || to === undefined) return
      if (first === last) props.onOpen?.(from.start, from.end)
      else props.onZoom?.(from.start, to.end)
      stop()
    },
    leave: (): void => {
      setActive(undefined)
      stop()
    },
  }
}
