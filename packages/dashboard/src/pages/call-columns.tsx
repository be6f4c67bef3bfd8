import type { CallView } from '@spanledger/server/api'
import type { JSX } from 'preact'
import { formatCompact, formatCount, formatDuration, UNKNOWN } from '../format/numbers.ts'
import { formatExactTime, formatTime } from '../format/time.ts'
import { KindBadge, StatusBadge } from '../parts/badge.tsx'
import { CallCost } from '../parts/cost.tsx'
import type { OptionalColumn } from '../parts/column-picker.tsx'
import { MiddleText } from '../parts/middle-text.tsx'

/** The columns that a table of calls can have. What a call cost and how it ended is beside what it was. */
export function callColumns(tz: string): readonly OptionalColumn<CallView>[] {
  return [
    {
      name: 'started',
      label: 'Started',
      sort: 'startedAt',
      isUsual: true,
      cell: ({ startedAt }) => <StartedAt at={startedAt} tz={tz} />,
    },
    { name: 'operation', label: 'Operation', share: 2, isUsual: true, cell: (call) => <WhatHappened call={call} /> },
    {
      name: 'cost',
      label: 'Cost',
      sort: 'costNanoUsd',
      isNumber: true,
      isUsual: true,
      cell: (call) => <CallCost call={call} />,
    },
    {
      name: 'duration',
      label: 'Duration',
      sort: 'durationMs',
      isNumber: true,
      isUsual: true,
      cell: ({ durationMs }) => formatDuration(durationMs),
    },
    {
      name: 'status',
      label: 'Status',
      // On a phone it stands below the operation.
      priority: 2,
      isUsual: true,
      cell: ({ status, errorMessage }) => <StatusBadge status={status} title={errorMessage} />,
    },
    { name: 'model', label: 'Model', share: 1, priority: 2, isUsual: true, cell: (call) => <CallModel call={call} /> },
    textColumn('user', 'User', ({ userId }) => userId, { priority: 3, isUsual: true }),
    {
      name: 'tokens',
      label: 'Tokens',
      sort: 'totalTokens',
      isNumber: true,
      priority: 3,
      isUsual: true,
      cell: (call) => <Tokens call={call} />,
    },
    {
      name: 'first-token',
      label: 'First token',
      isNumber: true,
      priority: 4,
      isUsual: true,
      cell: ({ timeToFirstTokenMs }) => formatDuration(timeToFirstTokenMs),
    },
    textColumn('session', 'Session', ({ sessionId }) => sessionId),
    textColumn('project', 'Project', ({ projectId }) => projectId),
    textColumn('company', 'Company', ({ companyId }) => companyId),
    textColumn('task', 'Task', ({ taskId }) => taskId),
    textColumn('tags', 'Tags', ({ tags }) => tags?.join(', ') ?? null),
    textColumn('provider', 'Provider', ({ provider }) => provider),
    textColumn('service', 'Service', ({ serviceName }) => serviceName),
    textColumn('environment', 'Environment', ({ environment }) => environment),
    textColumn('finish-reason', 'Finish reason', ({ finishReason }) => finishReason),
    textColumn('error', 'Error', ({ errorMessage, errorType }) => errorMessage ?? errorType),
    textColumn('trace', 'Trace', ({ traceId }) => traceId),
  ]
}

function textColumn(
  name: string,
  label: string,
  textOf: (call: CallView) => string | null,
  options: Partial<OptionalColumn<CallView>> = {},
): OptionalColumn<CallView> {
  const cell = (call: CallView): JSX.Element => {
    const text = textOf(call)
    return text === null ? <span class="muted">{UNKNOWN}</span> : <MiddleText text={text} />
  }
  return { name, label, share: 1, isUsual: false, cell, ...options }
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

// What a call was for, or which tool it called; if it failed, why.
function WhatHappened({ call }: { readonly call: CallView }): JSX.Element {
  const { kind, toolName, operation, name, callType, status, errorMessage, errorType } = call
  const what = (kind === 'tool' ? toolName : operation) ?? name ?? callType ?? UNKNOWN
  const why = errorMessage ?? errorType
  return (
    <>
      <span class="call-name">
        <KindBadge kind={kind} />
        <span class="ellipsis" title={what}>
          {what}
        </span>
      </span>
      <span class="row-status">
        <StatusBadge status={status} />
      </span>
      {status === 'error' && why !== null && (
        <span class="row-error" title={why}>
          {why}
        </span>
      )}
    </>
  )
}

// The model that answered, with its provider as a tooltip.
function CallModel({ call }: { readonly call: CallView }): JSX.Element {
  const model = call.model ?? call.requestModel
  if (model === null) return <span class="muted">{UNKNOWN}</span>
  return <MiddleText text={model} title={call.provider === null ? model : `${model} (${call.provider})`} />
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
