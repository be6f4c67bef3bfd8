import type { JSX } from 'preact'
import { useId, useMemo, useState } from 'preact/hooks'
import { createBucketLabel } from '../format/time.ts'
import { type ChartData, partialNote } from './chart-data.ts'
import { type BarGeometry, HEIGHT, layOut, MARGIN } from './bar-geometry.ts'
import { BarTargets } from './bar-targets.tsx'
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

interface MarksProps extends StackedBarsProps {
  readonly geometry: BarGeometry
}

// Narrower ones cannot be told apart, or hit with a finger.
const BAR_WIDTH = 8

/** The bars themselves: one focus stop, arrows move, Enter opens, drawing over several zooms in. */
export function StackedBars(given: StackedBarsProps): JSX.Element {
  const { tz, title, format } = given
  const [frame, width] = useWidth()
  const merged = useMemo(
    () => mergeBuckets(given, Math.max(width / BAR_WIDTH, 12), tz),
    [given.buckets, given.series, given.previous, tz, width],
  )
  const label = useMemo(() => createBucketLabel(tz), [tz])
  const props = { ...given, ...merged, label }
  const { buckets, series, previous } = props
  const [active, setActive] = useState<number>()
  const geometry = useMemo(() => layOut(merged, width), [merged, width])
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
          aria-label={`${title}. Use the arrow keys to move through time.`}
          onPointerMove={pointer.move}
          onPointerDown={pointer.down}
          onPointerUp={pointer.up}
          onPointerLeave={pointer.leave}
          onFocusIn={focused.enter}
          onFocusOut={focused.leave}
          onKeyDown={focused.press}
        >
          <ChartAxes
            {...props}
            isEmpty={geometry.isEmpty}
            y={geometry.y}
            x={geometry.x}
            width={width}
            height={HEIGHT}
            margin={MARGIN}
          />
          {active !== undefined && <Span class="active-back" geometry={geometry} first={active} last={active} />}
          <BarTargets {...props} geometry={geometry} stop={focused.stop} />
          <Marks {...props} geometry={geometry} />
          {pointer.drawn !== undefined && <Span class="drawn-range" geometry={geometry} {...pointer.drawn} />}
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
          previous={previous}
          format={format}
        />
      )}
    </div>
  )
}

// What is drawn over the targets, and lets the pointer through to them.
function Marks({ buckets, geometry, marked }: MarksProps): JSX.Element {
  const hatch = useId()
  const { x, tops, before } = geometry
  return (
    <g class="marks" aria-hidden="true">
      <defs>
        <pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect class="hatch" width="3" height="6" />
        </pattern>
      </defs>
      {geometry.layers.map(({ series: { name, color }, path }) => (
        <path
          key={name}
          class={`bar fill-${color}${marked === undefined || marked === name ? '' : ' is-dimmed'}`}
          d={path}
        />
      ))}
      {buckets.map(({ isPartial, start }, index) => {
        const top = tops[index]
        return isPartial && top !== undefined ? (
          <rect
            key={start}
            x={x(index)}
            width={x.bandwidth()}
            y={top}
            height={HEIGHT - MARGIN.bottom - top}
            fill={`url(#${hatch})`}
          />
        ) : null
      })}
      {before !== '' && (
        <>
          <path class="previous-halo" d={before} />
          <path class="previous-line" d={before} />
        </>
      )}
    </g>
  )
}

interface SpanProps {
  readonly class: string
  readonly geometry: BarGeometry
  readonly first: number
  readonly last: number
}

function Span({ class: name, geometry: { left, x }, first, last }: SpanProps): JSX.Element {
  return (
    <rect
      class={name}
      x={left(first)}
      y={MARGIN.top}
      width={left(last) - left(first) + x.step()}
      height={HEIGHT - MARGIN.top - MARGIN.bottom}
    />
  )
}
