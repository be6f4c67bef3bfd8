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
import { Waterfall } from '../trace/waterfall.tsx'
import { toPage } from '../view/route.ts'
import { useView } from '../view/view.tsx'
import { Conversation } from './conversation.tsx'
import { CallFacts, TokensAndPrice } from './call-facts.tsx'
import { PageHead } from './page-head.tsx'

/** One call, and the trace that it belongs to. */
export function CallPage({ id, health }: { readonly id: string; readonly health: Health | undefined }): JSX.Element {
  const detail = useQuery<CallAnswer>(`/api/calls/${encodeURIComponent(id)}`)
  const traceId = detail.data?.call.traceId
  const trace = useQuery<TraceAnswer>(traceId === undefined ? undefined : `/api/traces/${encodeURIComponent(traceId)}`)
  // Of another call than the one that is asked for, nothing must be shown once that one has failed.
  const isMissing = detail.data === undefined || (detail.error !== undefined && detail.data.call.id !== id)
  if (isMissing) {
    return (
      <>
        <PageHead title="Call" />
        <Loaded query={{ ...detail, data: undefined }}>{() => null}</Loaded>
      </>
    )
  }
  return (
    <Loaded query={detail}>
      {(data) => (
        <>
          <CallHead detail={data} jaegerUrl={health?.jaegerUrl ?? null} />
          <div class="stack">
            <Card
              title="Trace"
              class="trace-card"
              hint={trace.data === undefined ? undefined : <TotalCost totals={trace.data.totals} />}
            >
              <Loaded query={trace}>{(tree) => <Waterfall trace={tree} current={id} />}</Loaded>
            </Card>
            <div class="call-layout" key={data.call.id}>
              <div class="stack">
                <CallError call={data.call} />
                {data.call.kind === 'tool' ? (
                  <ToolContent detail={data} />
                ) : (
                  <Conversation content={data.call.content} />
                )}
              </div>
              <div class="stack">
                <TokensAndPrice detail={data} />
                <CallFacts call={data.call} />
              </div>
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
            href={`${jaegerUrl.replace(/\/$/, '')}/trace/${call.traceId}?uiFind=${call.spanId}`}
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

// What happened to a call without an answer, and what the reader can do about it.
const UNFINISHED: Readonly<Record<string, string>> = {
  aborted:
    'The application stopped this call before its answer was complete, or the client went away. To have such answers read to their end, call consumeStream() on the result.',
  abandoned:
    'This call never ended: its stream was not read to the end. Call consumeStream() on the result, or read the stream also when the client has gone.',
  crashed: 'The process ended while this call was running.',
  open: 'This call is still running.',
}

function CallError({ call }: Pick<CallAnswer, 'call'>): JSX.Element | null {
  const advice = UNFINISHED[call.status]
  if (call.errorMessage === null && call.errorType === null && advice === undefined) return null
  return (
    <Card title={advice === undefined ? 'Error' : 'Why there is no whole answer'} class="is-failed">
      {advice !== undefined && (
        <p>
          {advice}
          {call.billable && call.totalTokens === null && ' Its tokens are unknown, so its cost is too.'}
        </p>
      )}
      {(call.errorType !== null || advice === undefined) && (
        <p>
          <strong>{call.errorType ?? call.status}</strong>
          {call.httpStatus !== null && <span class="muted"> · HTTP {call.httpStatus}</span>}
        </p>
      )}
      {call.errorMessage !== null && <TextBlock text={call.errorMessage} name="Error message" />}
    </Card>
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
