import type { Health } from '@spanledger/server/api'
import type { JSX } from 'preact'
import { formatCount } from '../format/numbers.ts'
import { formatAgo } from '../format/time.ts'
import { Icon } from '../parts/icon.tsx'
import { lostCalls, useNow } from '../shell/ingest-status.tsx'

interface Check {
  readonly state: 'good' | 'bad' | 'waiting'
  readonly what: string
  readonly detail: string
}

const WORDS = { good: 'Fine', bad: 'Not fine', waiting: 'Waiting' } as const
const ICONS = { good: 'check', bad: 'warning', waiting: 'dash' } as const

/** What works and what does not yet, from the server to the last row. */
export function HealthChecks({ health }: { readonly health: Health }): JSX.Element {
  const now = useNow()
  return (
    <ul class="checks">
      {checksOf(health, now).map(({ state, what, detail }) => (
        <li key={what} class={`check is-${state}`}>
          <Icon name={ICONS[state]} />
          <span>
            <span class="sr-only">{WORDS[state]}: </span>
            <strong>{what}</strong> <span class="check-detail">{detail}</span>
          </span>
        </li>
      ))}
    </ul>
  )
}

function checksOf(health: Health, now: number): readonly Check[] {
  const { version, ingest, database } = health
  const dropped = lostCalls(health)
  const { lastRejection, lastSpanAt } = ingest
  return [
    { state: 'good', what: 'The server is up.', detail: `Version ${version}, at ${location.host}` },
    lastSpanAt === null
      ? {
          state: 'waiting',
          what: 'No span has arrived since it started.',
          detail:
            (database.calls ?? 0) > 0
              ? `${formatCount(database.calls)} calls are stored from before`
              : 'It shows here within a second',
        }
      : {
          state: 'good',
          what: `A span arrived ${formatAgo(lastSpanAt, now)}.`,
          detail: `Rows stored since the start: ${formatCount(ingest.stored)}`,
        },
    lastRejection === null
      ? { state: 'good', what: 'No request was rejected.', detail: '' }
      : {
          state: 'bad',
          what: `A request was rejected ${formatAgo(lastRejection.at, now)}:`,
          detail: `${lastRejection.reason}${lastRejection.from === null ? '' : `, from ${lastRejection.from}`}`,
        },
    dropped === 0
      ? { state: 'good', what: 'Nothing was dropped.', detail: '' }
      : { state: 'bad', what: `${formatCount(dropped)} calls were dropped.`, detail: 'The reasons are below' },
  ]
}
