import type { Health } from '@spanledger/server/api'
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { formatCompact } from '../format/numbers.ts'
import { formatAgo } from '../format/time.ts'
import { toPage } from '../view/route.ts'
import { useView } from '../view/view.tsx'

const TICK_MS = 5_000

/** When the last span arrived and how many calls were dropped. Always on screen. */
export function IngestStatus({ health }: { readonly health: Health | undefined }): JSX.Element {
  const { route } = useView()
  const now = useNow()
  if (health === undefined) return <p class="ingest is-quiet">Connecting to the server…</p>
  const { lastSpanAt } = health.ingest
  const dropped = lostCalls(health)
  return (
    <a
      class={dropped > 0 ? 'ingest is-bad' : lastSpanAt === null ? 'ingest is-quiet' : 'ingest'}
      href={toPage(route, 'health')}
    >
      <span class="ingest-dot" aria-hidden="true" />
      <span>
        {lastSpanAt === null ? 'No spans since the start' : `Last span ${formatAgo(lastSpanAt, now)}`}
        <span class="ingest-more">{formatCompact(dropped)} dropped</span>
      </span>
    </a>
  )
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
