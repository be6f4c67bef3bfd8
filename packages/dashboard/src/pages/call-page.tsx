import type { CallAnswer, Health, TraceAnswer } from '@spanledger/server/api'
import type { JSX } from 'preact'
import { useQuery } from '../api/use-query.ts'
import { formatDuration } from '../format/numbers.ts'
import { formatExactTime } from '../format/time.ts'
import { KindBadge, StatusBadge } from '../parts/badge.tsx'
import { Card } from '../parts/card.tsx'
import { CallCost, TotalCost } from '../parts/cost.tsx'
import { Icon } from '../parts/icon.tsx'
import { Loaded } from '../parts/page-states.tsx'
import { TextBlock } from '../parts/text-block.tsx'
import { toPage } from '../view/route.ts'
import { useView } from '../view/view.tsx'
import { Conversation } from './conversation.tsx'
import { CallFacts, TokensAndPrice } from './call-facts.tsx'
import { PageHead } from './page-head.tsx'
import { Waterfall } from './waterfall.tsx'

/** One call, and the trace that it belongs to. */
export function CallPage({ id, health }: { readonly id: string; readonly health: Health | undefined }): JSX.Element {
  const detail = useQuery<CallAnswer>(`/api/calls/${encodeURIComponent(id)}`)
  const traceId = detail.data?.call.traceId
  const trace = useQuery<TraceAnswer>(traceId === undefined ? undefined : `/api/traces/${encodeURIComponent(traceId)}`)
  if (detail.data === undefined) {
    return (
      <>
        <PageHead title="Call" />
        <Loaded query={detail}>{() => null}</Loaded>
      </>
    )
  }
  return (
    <Loaded query={detail}>
      {(data) => (
        <>
          <CallHead detail={data} jaegerUrl={health?.jaegerUrl ?? null} />
          <div class="call-layout">
            <Card
              title="Trace"
              class="trace-card"
              hint={trace.data === undefined ? undefined : <TotalCost totals={trace.data.totals} />}
            >
              <Loaded query={trace}>{(tree) => <Waterfall trace={tree} current={data.call.id} />}</Loaded>
            </Card>
            <div class="stack call-details">
              <CallBody detail={data} />
            </div>
          </div>
        </>
      )}
    </Loaded>
  )
}

function CallHead({
  detail: { call },
  jaegerUrl,
}: {
  readonly detail: CallAnswer
  readonly jaegerUrl: string | null
}): JSX.Element {
  const { route, tz } = useView()
  const title = (call.kind === 'tool' ? call.toolName : call.operation) ?? call.name ?? call.callType ?? 'Call'
  return (
    <>
      <a class="back-link" href={toPage(route, 'calls')}>
        <Icon name="back" /> Calls
      </a>
      <PageHead title={title}>
        {jaegerUrl !== null && /^https?:/.test(jaegerUrl) && (
          <a
            class="button"
            href={`${jaegerUrl.replace(/\/$/, '')}/trace/${call.traceId}`}
            target="_blank"
            rel="noreferrer"
          >
            <Icon name="external" /> Open in Jaeger
          </a>
        )}
      </PageHead>
      <p class="call-line">
        <KindBadge kind={call.kind} />
        <StatusBadge status={call.status} />
        {call.model !== null && <span>{call.model}</span>}
        {Boolean(call.billable) && <CallCost call={call} />}
        <span>{formatDuration(call.durationMs)}</span>
        <time>{formatExactTime(call.startedAt, tz)}</time>
      </p>
    </>
  )
}

function CallBody({ detail }: { readonly detail: CallAnswer }): JSX.Element {
  const { call } = detail
  return (
    <>
      {(call.errorMessage !== null || call.errorType !== null) && (
        <Card title="Error" class="is-failed">
          <p>
            <strong>{call.errorType ?? call.status}</strong>
            {call.httpStatus !== null && <span class="muted"> · HTTP {call.httpStatus}</span>}
          </p>
          {call.errorMessage !== null && <TextBlock text={call.errorMessage} name="Error message" />}
        </Card>
      )}
      {call.kind === 'tool' ? <ToolContent detail={detail} /> : <Conversation content={call.content} />}
      <TokensAndPrice detail={detail} />
      <CallFacts call={call} />
    </>
  )
}

function ToolContent({ detail: { call } }: { readonly detail: CallAnswer }): JSX.Element {
  const { content } = call
  return (
    <Card title="Tool call">
      <h3>Arguments</h3>
      <TextBlock text={content?.arguments ?? null} name="Arguments" />
      <h3>Result</h3>
      <TextBlock text={content?.result ?? null} name="Result" />
    </Card>
  )
}
