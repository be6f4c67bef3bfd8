import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { linearScale } from '../charts/linear-scale.ts'
import { formatDuration } from '../format/numbers.ts'

/** What of a trace is drawn: milliseconds since its start. */
export interface TimeSpan {
  readonly from: number
  readonly to: number
}

interface TimeAxisProps {
  readonly shown: TimeSpan
  /** A part was marked by dragging. */
  readonly onZoom: (part: TimeSpan) => void
}

const WIDTH = 1000
const LEAST_DRAG = 0.01

/** The time above the bars. Dragging over it zooms into a part. */
export function TimeAxis({ shown, onZoom }: TimeAxisProps): JSX.Element {
  const [drag, setDrag] = useState<{ readonly start: number; readonly end: number }>()
  const length = shown.to - shown.from
  const placeOf = (event: PointerEvent & { readonly currentTarget: Element }): number => {
    const { left, width } = event.currentTarget.getBoundingClientRect()
    return Math.min(Math.max((event.clientX - left) / width, 0), 1)
  }
  const finish = (): void => {
    setDrag(undefined)
    if (drag === undefined) return
    const [from, to] = drag.start < drag.end ? [drag.start, drag.end] : [drag.end, drag.start]
    if (to - from >= LEAST_DRAG) onZoom({ from: shown.from + from * length, to: shown.from + to * length })
  }
  return (
    <div
      class="trace-axis"
      title="Drag to zoom"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        setDrag({ start: placeOf(event), end: placeOf(event) })
      }}
      onPointerMove={(event) => drag !== undefined && setDrag({ ...drag, end: placeOf(event) })}
      onPointerUp={finish}
      onPointerCancel={() => setDrag(undefined)}
    >
      {ticksOf(shown).map((tick) => (
        <span key={tick} class="trace-tick" style={{ left: `${((tick - shown.from) / length) * 100}%` }}>
          {tick === 0 ? '0' : formatDuration(tick)}
        </span>
      ))}
      {drag !== undefined && (
        <svg class="trace-drag" viewBox={`0 0 ${WIDTH} 1`} preserveAspectRatio="none" aria-hidden="true">
          <rect x={Math.min(drag.start, drag.end) * WIDTH} width={Math.abs(drag.end - drag.start) * WIDTH} height={1} />
        </svg>
      )}
    </div>
  )
}

// The last one would be cut at the edge.
function ticksOf({ from, to }: TimeSpan): readonly number[] {
  return linearScale({ domain: [from, to], range: [0, 1] })
    .ticks(5)
    .filter((tick) => tick < to - (to - from) * 0.08)
}
