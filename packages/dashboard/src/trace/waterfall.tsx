import type { TraceAnswer } from '@spanledger/server/api'
import type { JSX } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { toPage } from '../view/route.ts'
import { useView } from '../view/view.tsx'
import { SpanRow } from './span-row.tsx'
import { type TimeSpan, TimeAxis } from './time-axis.tsx'
import { TraceTools } from './trace-tools.tsx'
import { isFound, toRows, type TraceRow, visibleRows } from './trace-rows.ts'
import { useTree } from './use-tree.ts'
import { useWindow } from './use-window.ts'

const ROW_HEIGHT = 32
const HEAD_HEIGHT = 28

/** The spans of a trace over time, each below what called it. Only what is in sight is drawn, so a trace may be long. */
export function Waterfall({ trace, current }: { readonly trace: TraceAnswer; readonly current: string }): JSX.Element {
  const { route } = useView()
  const rows = useMemo(() => toRows(trace), [trace])
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set())
  const [text, setText] = useState('')
  const [zoom, setZoom] = useState<TimeSpan>()
  const scroller = useRef<HTMLDivElement>(null)
  const shownRows = useMemo(() => visibleRows(rows, collapsed), [rows, collapsed])
  const seen = useWindow(scroller, { rowHeight: ROW_HEIGHT, headHeight: HEAD_HEIGHT })
  const tree = useTree({ scroller, rows: shownRows, collapsed, setCollapsed, current, reveal: seen.reveal })
  const whole = useMemo(() => ({ from: 0, to: Math.max(1, ...endsOf(rows)) }), [rows])
  const shown = zoom ?? whole
  const found = useMemo(() => rows.filter((row) => isFound(row, text)), [rows, text])
  const foundIds = useMemo(() => new Set(found.map(({ call }) => call.id)), [found])

  // The span that the page is about is in sight from the start, and when another one is opened.
  useEffect(() => seen.reveal(shownRows.findIndex(({ call }) => call.id === current)), [current, rows])

  return (
    <>
      <TraceTools
        trace={trace}
        text={text}
        search={setText}
        found={found}
        jumpTo={({ call }) => tree.show(call.id, rows)}
        isAllCollapsed={collapsed.size > 0}
        collapseAll={(isOn) =>
          setCollapsed(new Set(isOn ? rows.filter((row) => row.hasChildren).map(({ call }) => call.id) : []))
        }
        zoom={(factor) =>
          setZoom(factor === undefined ? undefined : zoomed(shown, { whole, factor, around: middleOf(rows, current) }))
        }
        isZoomed={zoom !== undefined}
      />
      <div class="waterfall" ref={scroller}>
        <TraceHead shown={shown} zoomInto={setZoom} />
        <div
          class="span-list"
          role="tree"
          aria-label="Spans of the trace"
          onKeyDown={tree.onKeyDown}
          style={{ height: `${shownRows.length * ROW_HEIGHT}px` }}
        >
          {shownRows.map((row, index) => {
            const { id } = row.call
            const isCurrent = id === current
            const isTabStop = id === tree.tabStop
            // Where the focus is and what the page is about must be there though it was scrolled away.
            if ((index < seen.from || index >= seen.to) && !isTabStop && !tree.nearCurrent.has(id)) return null
            return (
              <SpanRow
                key={id}
                row={row}
                shown={shown}
                top={index * ROW_HEIGHT}
                href={toPage(route, 'calls', { id })}
                isCurrent={isCurrent}
                isTabStop={isTabStop}
                isFound={foundIds.has(id)}
                isCollapsed={collapsed.has(id)}
                toggle={() => tree.toggle(id)}
              />
            )
          })}
        </div>
      </div>
    </>
  )
}

function TraceHead({
  shown,
  zoomInto,
}: {
  readonly shown: TimeSpan
  readonly zoomInto: (part: TimeSpan) => void
}): JSX.Element {
  return (
    <div class="trace-head">
      <span>Span</span>
      <span class="span-tokens">Tokens</span>
      <span class="span-cost">Cost</span>
      <span class="span-time">Duration</span>
      <TimeAxis shown={shown} onZoom={zoomInto} />
    </div>
  )
}

function endsOf(rows: readonly TraceRow[]): readonly number[] {
  return rows.map(({ end }) => end)
}

function middleOf(rows: readonly TraceRow[], id: string): number | undefined {
  const row = rows.find(({ call }) => call.id === id)
  return row && (row.start + row.end) / 2
}

interface Zoom {
  readonly whole: TimeSpan
  readonly factor: number
  /** The time that stays in sight, if it is. */
  readonly around: number | undefined
}

// Never beyond the trace, and never so far in that the axis has no room for a unit.
function zoomed({ from, to }: TimeSpan, { whole, factor, around }: Zoom): TimeSpan | undefined {
  const isSeen = around !== undefined && around >= from && around <= to
  const middle = factor < 1 && isSeen ? around : (from + to) / 2
  const half = Math.max(to - from, 1) * (factor / 2)
  const next = { from: Math.max(whole.from, middle - half), to: Math.min(whole.to, middle + half) }
  return next.from === whole.from && next.to === whole.to ? undefined : next
}
