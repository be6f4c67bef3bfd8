import type { Overview, TotalsRow } from '@spanledger/server/api'
import type { JSX } from 'preact'
import { BarList } from '../charts/bar-list.tsx'
import { TokenMix } from '../charts/token-mix.tsx'
import { countOf, formatCompact } from '../format/numbers.ts'
import { formatAgo } from '../format/time.ts'
import { Card } from '../parts/card.tsx'
import { TotalCost } from '../parts/cost.tsx'
import { Icon } from '../parts/icon.tsx'
import { valueLabel } from '../view/filters.ts'
import { toPage, withParameters } from '../view/route.ts'
import { useView } from '../view/view.tsx'

const LISTS = [
  { title: 'Models', list: 'models', filter: 'model' },
  { title: 'Operations', list: 'operations', filter: 'operation' },
  { title: 'Users', list: 'users', filter: 'user' },
  { title: 'Projects', list: 'projects', filter: 'project' },
  { title: 'Tags', list: 'tags', filter: 'tag' },
] as const

/** The most expensive models, operations, users, projects and tags. */
export function TopLists({ data }: { readonly data: Overview }): JSX.Element {
  const { route } = useView()
  return (
    <div class="grid-lists">
      {LISTS.map(({ title, list, filter }) => (
        <Card
          key={list}
          title={title}
          actions={
            <a class="card-link" href={toPage(route, 'spend', { changes: { group: filter } })}>
              All <span class="sr-only">{title.toLowerCase()}</span>
            </a>
          }
        >
          <TopList rows={data.top[list]} filter={filter} title={title} />
        </Card>
      ))}
      <Card title="Token mix">
        <TokenMix totals={data.totals} />
      </Card>
    </div>
  )
}

function TopList({
  rows,
  filter,
  title,
}: {
  readonly rows: readonly TotalsRow[]
  readonly filter: string
  readonly title: string
}): JSX.Element {
  const { route } = useView()
  // Rows with tool calls alone are on the Tools page.
  const billed = rows.filter(({ calls }) => calls > 0)
  if (billed.every(({ key }) => key === null)) {
    return <p class="muted card-nothing">No {title.toLowerCase()} recorded.</p>
  }
  const lines = billed.map((row) => ({
    key: row.key ?? '',
    name: <span class={row.key === null ? 'muted' : ''}>{valueLabel(row.label ?? row.key)}</span>,
    href: withParameters(route, { [filter]: row.key ?? '' }),
    value: <TotalCost totals={row} />,
    note: formatCompact(row.calls),
    size: row.costNanoUsd,
  }))
  return <BarList lines={lines} label={`${title} by cost`} />
}

/** What the totals leave out: open calls, and calls without a price. */
export function OpenAndUnpriced({ data }: { readonly data: Overview }): JSX.Element | null {
  const { route } = useView()
  if (data.unpricedModels.length === 0 && data.openCalls === 0) return null
  return (
    <div class="notices">
      {data.openCalls > 0 && (
        <a class="notice-line" href={toPage(route, 'calls', { changes: { status: 'open' } })}>
          <Icon name="calls" />
          <strong>{countOf(data.openCalls, 'open call')}</strong> started but not finished
        </a>
      )}
      {data.unpricedModels.length > 0 && (
        <a class="notice-line is-warning" href={toPage(route, 'prices')}>
          <Icon name="prices" />
          <strong>
            {countOf(
              data.unpricedModels.reduce((sum, { calls }) => sum + calls, 0),
              'unpriced call',
            )}
          </strong>
          <span>
            {data.unpricedModels
              .slice(0, 3)
              .map(
                (model) => `${valueLabel(model.model ?? model.requestModel)} (${model.provider ?? 'unknown provider'})`,
              )
              .join(', ')}
            {data.unpricedModels.length > 3 && ` and ${data.unpricedModels.length - 3} more`}; last seen{' '}
            {formatAgo(Math.max(...data.unpricedModels.map(({ lastStartedAt }) => lastStartedAt)), Date.now())}
          </span>
          <span class="notice-action">Set prices</span>
        </a>
      )}
    </div>
  )
}
