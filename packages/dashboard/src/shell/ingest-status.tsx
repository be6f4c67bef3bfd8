import type { Health } from '@spanledger/server/api'
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { formatCompact } from '../format/numbers.ts'
import { formatAgo } from '../format/time.ts'
import { toPage } from '../view/route.ts'
import { useView } from '../view/view.tsx'

const TICK_MS = 5_000

/** When the last call came, over HTTP or straight into the database, and how many this server dropped. Always on screen. */
export function IngestStatus({ health }: { readonly health: Health | undefined }): JSX.Element {
  const { route } = useView()
  const now = useNow()
  if (health === undefined) return <p class="ingest is-quiet">Connecting to the server…</p>
  const dropped = lostCalls(health)
  const lastAt = lastCallAt(health)
  return (
    <a
      class={dropped > 0 ? 'ingest is-bad' : lastAt === null ? 'ingest is-quiet' : 'ingest'}
      href={toPage(route, 'health')}
    >
      <span class="ingest-dot" aria-hidden="true" />
      <span>
        {lastAt === null ? 'Nothing stored yet' : `Last call ${formatAgo(lastAt, now)}`}
        <span class="ingest-more">{formatCompact(dropped)} dropped by this server</span>
      </span>
    </a>
  )
}

// A call is written to the database when it ends, so its start says little of a long one that has just come over HTTP.
function lastCallAt({ ingest, database }: Health): number | null {
  if (ingest.lastSpanAt === null || database.lastStartedAt === null) return ingest.lastSpanAt ?? database.lastStartedAt
  return Math.max(ingest.lastSpanAt, database.lastStartedAt)
}

/** How many calls arrived and were not stored. Spans that are not AI calls do not count. */
export function lostCalls({ ingest }: Health): number {
  const { notAI: _notAI, ...dropped } = ingest.dropped
  return sumOf(dropped) + sumOf(ingest.rejected)
}

/** Adds up counts by reason. */
export function sumOf(counts: { readonly [reason: string]: number } | null | undefined): number {
  return Object.values(counts ?? {}).reduce((sum, count) => sum + count, 0)
}

/** The time, every few seconds. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS)
    return () => clearInterval(timer)
  }, [])
  return now
}
