import type { JSX } from 'preact'
import { exactMoney } from '../format/money.ts'
import { countOf, formatCompact, formatDuration } from '../format/numbers.ts'
import { KindBadge, StatusBadge } from '../parts/badge.tsx'
import { Icon } from '../parts/icon.tsx'
import type { TimeSpan } from './time-axis.tsx'
import { costGap, costText, spanName, type TraceRow } from './trace-rows.ts'

interface SpanRowProps {
  readonly row: TraceRow
  readonly shown: TimeSpan
  /** Pixels from the top of the list. */
  readonly top: number
  readonly href: string
  readonly isCurrent: boolean
  readonly isTabStop: boolean
  readonly isFound: boolean
  readonly isCollapsed: boolean
  readonly toggle: () => void
}

const WIDTH = 1000
const MOST_INDENT = 12
const LEAST_BAR = 3

/** One span: its name below what called it, what it used and cost, and when it ran. */
export function SpanRow({ row, shown, top, href, toggle, ...state }: SpanRowProps): JSX.Element {
  const { call, depth, hasChildren } = row
  return (
    <a
      role="treeitem"
      class={`span-link${state.isFound ? ' is-found' : ''}${isFailed(row) ? ' is-failed' : ''}`}
      href={href}
      data-span={call.id}
      tabIndex={state.isTabStop ? 0 : -1}
      aria-level={depth + 1}
      aria-posinset={row.place}
      aria-setsize={row.siblings}
      aria-expanded={hasChildren ? !state.isCollapsed : undefined}
      aria-current={state.isCurrent ? 'true' : undefined}
      aria-selected={state.isCurrent}
      style={{ top: `${top}px` }}
    >
      <SpanName row={row} isCollapsed={state.isCollapsed} toggle={toggle} />
      <span class="span-tokens">
        {row.sums.tokens !== null && (
          <>
            {formatCompact(row.sums.tokens)}
            <span class="sr-only"> tokens</span>
          </>
        )}
      </span>
      <span class="span-cost" title={costTitle(row)}>
        {costText(row.sums)}
        {costGap(row.sums) !== '' && '+'}
      </span>
      <span class="span-time">{formatDuration(durationOf(row))}</span>
      <SpanBar row={row} shown={shown} />
    </a>
  )
}

function SpanName({
  row: { call, depth, hasChildren, sums },
  isCollapsed,
  toggle,
}: Pick<SpanRowProps, 'row' | 'isCollapsed' | 'toggle'>): JSX.Element {
  const name = spanName(call)
  const isRun = call.kind === 'run' || call.kind === 'operation'
  const model = isRun && call.model !== name ? call.model : null
  const hiddenErrors = isCollapsed ? sums.errors - (call.status === 'error' ? 1 : 0) : 0
  return (
    <span
      class="span-name"
      data-depth={Math.min(depth, MOST_INDENT)}
      title={model === null ? name : `${name} · ${model}`}
    >
      {/* The keys ← and → do the same. */}
      <span
        class={`twist${isCollapsed ? ' is-collapsed' : ''}`}
        aria-hidden="true"
        onClick={(event) => {
          if (!hasChildren) return
          event.preventDefault()
          toggle()
        }}
      >
        {hasChildren && <Icon name="down" />}
      </span>
      <KindBadge kind={call.kind} />
      <span class="span-title">
        {name}
        {model !== null && <span class="muted"> {model}</span>}
      </span>
      {call.status !== 'ok' && <StatusBadge status={call.status} title={call.errorMessage} />}
      {hiddenErrors > 0 && <span class="badge badge-error">{countOf(hiddenErrors, 'error')}</span>}
    </span>
  )
}

function SpanBar({ row, shown }: Pick<SpanRowProps, 'row' | 'shown'>): JSX.Element {
  const scale = WIDTH / (shown.to - shown.from)
  const x = (row.start - shown.from) * scale
  return (
    <svg class="waterfall-bar" viewBox={`0 0 ${WIDTH} 8`} preserveAspectRatio="none" aria-hidden="true">
      <rect class="waterfall-track" width={WIDTH} height={8} />
      <rect
        class={`span-bar span-${row.call.kind} ${isFailed(row) ? 'is-failed' : ''}`}
        x={x}
        width={Math.max((row.end - row.start) * scale, LEAST_BAR)}
        height={8}
      />
    </svg>
  )
}

function isFailed({ call }: TraceRow): boolean {
  return call.status === 'error' || call.status === 'crashed'
}

function durationOf({ call, start, end }: TraceRow): number | null {
  return call.durationMs ?? (call.endedAt === null ? null : end - start)
}

function costTitle({ sums, hasChildren }: TraceRow): string {
  const gap = costGap(sums)
  const exact = exactMoney(sums.costNanoUsd)
  const whole = hasChildren && sums.costNanoUsd !== null ? `${exact} in ${countOf(sums.billed, 'model call')}` : exact
  return gap === '' ? whole : `${whole} · ${gap}`
}
