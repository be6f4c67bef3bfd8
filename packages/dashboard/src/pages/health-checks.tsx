import type { Health } from '@spanledger/server/api'
import type { JSX } from 'preact'
import { countOf } from '../format/numbers.ts'
import { formatAgo } from '../format/time.ts'
import { Icon } from '../parts/icon.tsx'
import { lostCalls, useNow } from '../shell/ingest-status.tsx'

interface Check {
  readonly state: 'good' | 'bad' | 'waiting'
  readonly what: string
  readonly detail: string
}

const WORDS = { good: 'OK', bad: 'Problem', waiting: 'Waiting' } as const
const ICONS = { good: 'check', bad: 'warning', waiting: 'dash' } as const

/** What works and what does not yet, from the server to the stored rows. */
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
    { state: 'good', what: 'The server is running.', detail: `Version ${version} at ${location.host}` },
    lastSpanAt === null
      ? {
          state: 'waiting',
          what: 'No spans received over HTTP since the server started.',
          detail:
            database.calls > 0
              ? `${countOf(database.calls, 'call')} stored, the last one ${formatAgo(database.lastStartedAt, now)}. Applications that have the database write to it without this server`
              : 'The first one appears here within a second',
        }
      : {
          state: 'good',
          what: `Last span received ${formatAgo(lastSpanAt, now)}.`,
          detail: `${countOf(ingest.stored, 'row')} stored since the server started`,
        },
    lastRejection === null
      ? { state: 'good', what: 'No requests rejected.', detail: '' }
      : {
          state: 'bad',
          what: `Request rejected ${formatAgo(lastRejection.at, now)}:`,
          detail: `${lastRejection.reason}${lastRejection.from === null ? '' : `, from ${lastRejection.from}`}`,
        },
    dropped === 0
      ? { state: 'good', what: 'This server dropped no calls.', detail: '' }
      : {
          state: 'bad',
          what: `This server dropped ${countOf(dropped, 'call')}.`,
          detail: 'The Health page lists the reasons',
        },
  ]
}
