import type { SessionAnswer, SessionTurn } from '@spanledger/server/api'
import type { JSX } from 'preact'
import { useQuery } from '../api/use-query.ts'
import { exactMoney, formatMoney } from '../format/money.ts'
import { countOf, formatCompact, formatDuration } from '../format/numbers.ts'
import { formatTime } from '../format/time.ts'
import { Icon } from '../parts/icon.tsx'
import { TotalCost } from '../parts/cost.tsx'
import { Loaded } from '../parts/page-states.tsx'
import { TextBlock } from '../parts/text-block.tsx'
import { FILTER_NAMES } from '../view/filters.ts'
import { toPage } from '../view/route.ts'
import { useView } from '../view/view.tsx'
import { PageHead } from './page-head.tsx'

/** A session as a conversation, with what each turn cost. */
export function SessionPage({ id }: { readonly id: string }): JSX.Element {
  const { route, range, query, hasFilters } = useView()
  const session = useQuery<SessionAnswer>(`/api/sessions/${encodeURIComponent(id)}?${query}`)
  const isWhole = range.from === undefined && !hasFilters
  return (
    <>
      <a class="back-link" href={toPage(route, 'sessions')}>
        <Icon name="back" /> Sessions
      </a>
      <PageHead title={id}>
        <a
          class="button"
          href={toPage(route, 'calls', { changes: { session: id, range: 'all', from: null, to: null } })}
        >
          Show calls
        </a>
      </PageHead>
      <Loaded query={session}>
        {({ totals, turns }) => (
          <>
            <p class="call-line">
              <span>{countOf(turns.length, 'turn')}</span>
              <span>{countOf(totals.calls, 'call')}</span>
              <span>{formatCompact(totals.totalTokens)} tokens</span>
              <TotalCost totals={totals} />
              {isWhole ? null : <SessionPart id={id} label={range.label} hasFilters={hasFilters} />}
            </p>
            <ol class="turns">
              {turns.map((turn) => (
                <TurnItem key={`${turn.traceId}-${turn.runId}`} turn={turn} />
              ))}
            </ol>
          </>
        )}
      </Loaded>
    </>
  )
}

interface SessionPartProps {
  readonly id: string
  readonly label: string
  readonly hasFilters: boolean
}

// The same calls as in the list that led here, so that both show the same numbers.
function SessionPart({ id, label, hasFilters }: SessionPartProps): JSX.Element {
  const { route } = useView()
  const everything = Object.fromEntries([...FILTER_NAMES, 'from', 'to'].map((name) => [name, null]))
  return (
    <span class="muted">
      {label}
      {hasFilters ? ', filtered' : ''}
      {' · '}
      <a href={toPage(route, 'sessions', { id, changes: { ...everything, range: 'all' } })}>Show the whole session</a>
    </span>
  )
}

function TurnItem({ turn }: { readonly turn: SessionTurn }): JSX.Element {
  const { tz, route } = useView()
  return (
    <li class="turn">
      <div class="turn-words">
        <Said role="user" text={turn.question} />
        {turn.toolCalls.map((tool) => (
          <details class="turn-tool" key={tool.id}>
            <summary>
              <Icon name="tools" /> {tool.name ?? 'tool'} <span class="muted">{formatDuration(tool.durationMs)}</span>
              {tool.error !== null && <span class="badge badge-error">Error</span>}
            </summary>
            <TextBlock text={tool.arguments ?? null} name={`Arguments of ${tool.name ?? 'tool'}`} />
            <TextBlock text={tool.error ?? tool.result ?? null} name={`Result of ${tool.name ?? 'tool'}`} />
          </details>
        ))}
        {turn.error === null ? <Said role="assistant" text={turn.answer} /> : <p class="turn-error">{turn.error}</p>}
      </div>
      <dl class="turn-facts">
        <div>
          <dt class="sr-only">Cost</dt>
          <dd class="turn-cost" title={exactMoney(turn.costNanoUsd)}>
            {formatMoney(turn.costNanoUsd)}
          </dd>
        </div>
        <div>
          <dt class="sr-only">Tokens</dt>
          <dd>{formatCompact(turn.totalTokens)} tokens</dd>
        </div>
        <div>
          <dt class="sr-only">Duration</dt>
          <dd>{formatDuration(turn.durationMs)}</dd>
        </div>
        <div>
          <dt class="sr-only">Model</dt>
          <dd class="ellipsis">{turn.model}</dd>
        </div>
        <div>
          <dt class="sr-only">Started</dt>
          <dd>
            <a href={toPage(route, 'calls', { id: `${turn.traceId}-${turn.runId}` })}>
              {formatTime(turn.startedAt, tz)}
            </a>
          </dd>
        </div>
      </dl>
    </li>
  )
}

function Said({ role, text }: { readonly role: string; readonly text: string | null }): JSX.Element {
  return (
    <div class={`message message-${role}`}>
      <span class="message-role">{role}</span>
      <div class="message-parts">
        <TextBlock text={text} name={role} isMarkdown />
      </div>
    </div>
  )
}
