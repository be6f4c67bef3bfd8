import type { CallView, TraceAnswer, TraceNode } from '@spanledger/server/api'
import type { JSX } from 'preact'
import { formatDuration } from '../format/numbers.ts'
import { KindBadge } from '../parts/badge.tsx'
import { CallCost } from '../parts/cost.tsx'
import { toPage } from '../view/route.ts'
import { useView } from '../view/view.tsx'

interface WaterfallRow {
  readonly call: CallView
  readonly depth: number
}

const WIDTH = 1000
const MOST_INDENT = 8

/** The spans of a trace over time, below what called them. */
export function Waterfall({ trace, current }: { readonly trace: TraceAnswer; readonly current: string }): JSX.Element {
  const { route } = useView()
  const rows = flatten(trace.root, 0)
  const end = Math.max(
    ...rows.map(({ call }) => call.endedAt ?? call.startedAt + (call.durationMs ?? 0)),
    trace.startedAt + 1,
  )
  const scale = WIDTH / (end - trace.startedAt)
  return (
    <ol class="waterfall">
      {rows.map(({ call, depth }) => {
        const length = (call.endedAt ?? end) - call.startedAt
        return (
          <li key={call.id} class={`waterfall-row depth-${Math.min(depth, MOST_INDENT)}`}>
            <a
              class="span-link"
              href={toPage(route, 'calls', { id: call.id })}
              aria-current={call.id === current ? 'true' : undefined}
            >
              <span class="waterfall-name">
                <KindBadge kind={call.kind} />
                <span class="ellipsis">
                  {(call.kind === 'tool' ? call.toolName : (call.model ?? call.operation)) ?? call.name ?? call.kind}
                </span>
              </span>
              <svg class="waterfall-bar" viewBox={`0 0 ${WIDTH} 8`} preserveAspectRatio="none" aria-hidden="true">
                <rect class="waterfall-track" width={WIDTH} height={8} />
                <rect
                  class={`span-bar span-${call.kind} ${call.status === 'error' ? 'is-failed' : ''}`}
                  x={(call.startedAt - trace.startedAt) * scale}
                  width={Math.max(length * scale, 4)}
                  height={8}
                />
              </svg>
              <span class="waterfall-time">
                {formatDuration(call.durationMs ?? (call.endedAt === null ? null : length))}
                {call.status !== 'ok' && <span class="sr-only">, {call.status}</span>}
              </span>
            </a>
            <span class="waterfall-cost">
              <CallCost call={call} />
            </span>
          </li>
        )
      })}
    </ol>
  )
}

function flatten(nodes: readonly TraceNode[], depth: number): readonly WaterfallRow[] {
  return nodes.flatMap(({ call, children }) => [{ call, depth }, ...flatten(children, depth + 1)])
}
