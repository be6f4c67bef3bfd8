import type { Health } from '@spanledger/server/api'
import type { ComponentChildren, JSX } from 'preact'
import { useLive } from '../api/live.tsx'
import { formatBytes, formatCount, formatDuration } from '../format/numbers.ts'
import { formatAgo, formatExactTime } from '../format/time.ts'
import { Card, Facts } from '../parts/card.tsx'
import { Loading } from '../parts/page-states.tsx'
import { sumOf, useNow } from '../shell/ingest-status.tsx'
import { useView } from '../view/view.tsx'
import { HealthChecks } from './health-checks.tsx'
import { PageHead } from './page-head.tsx'

/** Whether calls arrive, and what happened to those that were not stored. */
export function HealthPage({ health }: { readonly health: Health | undefined }): JSX.Element {
  return (
    <>
      <PageHead title="Health" />
      {health === undefined ? <Loading /> : <HealthNumbers health={health} />}
    </>
  )
}

function HealthNumbers({ health }: { readonly health: Health }): JSX.Element {
  const { tz } = useView()
  const live = useLive()
  const now = useNow()
  const { ingest, database, journal } = health
  const { notAI, ...dropped } = ingest.dropped
  const liveWords = { off: 'Paused', connecting: 'Connecting', open: 'Connected', waiting: 'Reconnecting' }[live.state]
  return (
    <div class="stack">
      <Card title="Ingest status">
        <HealthChecks health={health} />
      </Card>
      <div class="grid-facts">
        <Card title="Over HTTP since this server started">
          <Facts
            facts={[
              [
                'Last span',
                <time key="last" title={formatExactTime(ingest.lastSpanAt, tz)}>
                  {formatAgo(ingest.lastSpanAt, now)}
                </time>,
              ],
              ['Received', formatCount(ingest.received)],
              ['Stored', formatCount(ingest.stored)],
              ['Deduplicated', formatCount(ingest.deduplicated)],
              ['Rejected', formatCount(sumOf(ingest.rejected))],
              ['Dropped', formatCount(sumOf(dropped))],
              ['Spans that are not AI calls', formatCount(notAI)],
              ['Write lag', formatDuration(ingest.lagMs)],
            ]}
          />
        </Card>
        <Card title="Database">
          <Facts
            facts={[
              ['Kind', database.name],
              ['Size', formatBytes(database.sizeBytes)],
              ['Calls', formatCount(database.calls)],
            ]}
          />
        </Card>
        <Card title="Connections">
          <Facts
            facts={[
              ['Server version', health.version],
              ['Live updates', liveWords],
              ['Jaeger', health.jaegerUrl ?? 'Not set (--jaeger-url)'],
            ]}
          />
        </Card>
        <Card title="Journal">
          {journal === null ? (
            <p class="muted card-nothing">
              This server does not drain a journal. An application that writes to the database drains its own.
            </p>
          ) : (
            <Facts facts={Object.entries(journal).map(([name, value]) => [name, shown(value)] as const)} />
          )}
        </Card>
      </div>
      <Reasons title="Rejected by reason" counts={ingest.rejected} />
      <Reasons title="Dropped by reason" counts={dropped} />
    </div>
  )
}

function Reasons({
  title,
  counts,
}: {
  readonly title: string
  readonly counts: { readonly [reason: string]: number }
}): JSX.Element | null {
  const rows = Object.entries(counts).filter(([, count]) => count > 0)
  if (rows.length === 0) return null
  return (
    <Card title={title}>
      <Facts facts={rows.map(([reason, count]) => [reason, formatCount(count)] as const)} />
    </Card>
  )
}

function shown(value: unknown): ComponentChildren {
  return typeof value === 'number' ? formatCount(value) : typeof value === 'string' ? value : JSON.stringify(value)
}
