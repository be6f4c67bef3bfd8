import type { CallView } from '@spanledger/server/api'
import type { JSX } from 'preact'
import { formatCompact, formatCount, formatDuration, UNKNOWN } from '../format/numbers.ts'
import { formatExactTime, formatTime } from '../format/time.ts'
import { KindBadge, StatusBadge } from '../parts/badge.tsx'
import { CallCost } from '../parts/cost.tsx'
import type { Column } from '../parts/data-table.tsx'

/** The columns of a table of calls. */
export function callColumns(tz: string): readonly Column<CallView>[] {
  return [
    {
      name: 'started',
      label: 'Started',
      sort: 'startedAt',
      cell: ({ startedAt }) => <StartedAt at={startedAt} tz={tz} />,
    },
    { name: 'what', label: 'Operation', cell: (call) => <CallName call={call} /> },
    { name: 'model', label: 'Model', priority: 2, cell: (call) => <CallModel call={call} /> },
    { name: 'user', label: 'User', priority: 3, cell: ({ userId }) => userId ?? <span class="muted">{UNKNOWN}</span> },
    {
      name: 'tokens',
      label: 'Tokens',
      sort: 'totalTokens',
      isNumber: true,
      priority: 2,
      cell: (call) => <Tokens call={call} />,
    },
    { name: 'cost', label: 'Cost', sort: 'costNanoUsd', isNumber: true, cell: (call) => <CallCost call={call} /> },
    {
      name: 'duration',
      label: 'Duration',
      sort: 'durationMs',
      isNumber: true,
      priority: 2,
      cell: ({ durationMs }) => formatDuration(durationMs),
    },
    {
      name: 'first-token',
      label: 'First token',
      isNumber: true,
      priority: 3,
      cell: ({ timeToFirstTokenMs }) => formatDuration(timeToFirstTokenMs),
    },
    {
      name: 'status',
      label: 'Status',
      cell: ({ status, errorMessage }) => <StatusBadge status={status} title={errorMessage} />,
    },
  ]
}

function StartedAt({ at, tz }: { readonly at: number; readonly tz: string }): JSX.Element {
  const [, minutes, seconds] = /^(.*)(:\d\d)$/.exec(formatTime(at, tz)) ?? []
  return (
    <time title={formatExactTime(at, tz)}>
      {minutes}
      <span class="seconds">{seconds}</span>
    </time>
  )
}

/** What a call was for, or which tool it called. */
export function CallName({ call }: { readonly call: CallView }): JSX.Element {
  const { kind, toolName, operation, name, callType } = call
  return (
    <span class="call-name">
      <KindBadge kind={kind} />
      <span class="ellipsis">{(kind === 'tool' ? toolName : operation) ?? name ?? callType ?? UNKNOWN}</span>
    </span>
  )
}

/** The model that answered, with its provider as a tooltip. */
export function CallModel({ call }: { readonly call: CallView }): JSX.Element {
  const model = call.model ?? call.requestModel
  return (
    <span class="ellipsis" title={call.provider ?? undefined}>
      {model ?? <span class="muted">{UNKNOWN}</span>}
    </span>
  )
}

function Tokens({ call }: { readonly call: CallView }): JSX.Element {
  const { inputTokens, outputTokens, totalTokens, cacheReadTokens, cacheWriteTokens, reasoningTokens } = call
  if (inputTokens === null && outputTokens === null) return <>{formatCompact(totalTokens)}</>
  const details = [
    `${formatCount(inputTokens)} in`,
    `${formatCount(outputTokens)} out`,
    `cache read ${formatCount(cacheReadTokens)}`,
    `cache write ${formatCount(cacheWriteTokens)}`,
    `reasoning ${formatCount(reasoningTokens)}`,
  ]
  return (
    <span title={details.join(' · ')}>
      {formatCompact(inputTokens)} <span class="muted">→</span> {formatCompact(outputTokens)}
    </span>
  )
}
