import type { Breakdown, Totals, TotalsRow } from '@spanledger/server/api'
import type { JSX } from 'preact'
import { useLiveRefresh } from '../api/live.tsx'
import { useQuery } from '../api/use-query.ts'
import { columnDecimals } from '../format/money.ts'
import { formatCompact, formatCount, formatDuration, formatShare, shareOf } from '../format/numbers.ts'
import { Select, Segments } from '../parts/choice.tsx'
import { TotalCost } from '../parts/cost.tsx'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { TableExport } from '../parts/export-links.tsx'
import { Loaded, NoMatch, UnknownGrouping } from '../parts/page-states.tsx'
import { FILTER_LABELS, GROUPINGS, valueLabel } from '../view/filters.ts'
import { toPage } from '../view/route.ts'
import { useView } from '../view/view.tsx'
import { PageHead } from './page-head.tsx'

const FIRST = [
  ['user', 'Users'],
  ['project', 'Projects'],
  ['company', 'Companies'],
] as const

interface SpendRow extends Totals {
  readonly key: string | null
  readonly name: string
  readonly isOther?: boolean
  readonly before: TotalsRow | undefined
}

/** What each user, project or company spent, or each value of another grouping. */
export function Spend(): JSX.Element {
  const { query, route, change, refresh } = useView()
  const group = route.parameters.get('group') ?? 'user'
  const isGrouping = GROUPINGS.includes(group)
  const path = `/api/ai-usage/breakdown?${query}&groupBy=${encodeURIComponent(group)}&limit=200${route.parameters.get('range') === 'all' ? '' : '&compare=previous'}`
  const breakdown = useQuery<Breakdown>(isGrouping ? path : undefined)
  useLiveRefresh(refresh)
  return (
    <>
      <PageHead title="Users & projects">
        <Segments
          name="Group by"
          value={group}
          options={FIRST}
          onChange={(name) => change({ group: name === 'user' ? null : name })}
        />
        <Select
          name="or"
          value={group}
          options={GROUPINGS.map((name) => [name, FILTER_LABELS[name] ?? name] as const)}
          onChange={(name) => change({ group: name === 'user' ? null : name })}
        />
        <TableExport
          path="/api/ai-usage/breakdown"
          query={new URLSearchParams([...query, ['groupBy', group], ['limit', '1000']])}
          name={`spend-by-${group}`}
        />
      </PageHead>
      {isGrouping ? (
        <Loaded query={breakdown}>
          {(data) => (data.rows.length === 0 ? <NoMatch what="calls" /> : <SpendTable breakdown={data} />)}
        </Loaded>
      ) : (
        <UnknownGrouping name={group} />
      )}
    </>
  )
}

function SpendTable({ breakdown }: { readonly breakdown: Breakdown }): JSX.Element {
  const { route } = useView()
  const { rows, other, groupBy, previous } = breakdown
  const before = new Map((previous ?? []).map((row) => [row.key, row]))
  const shown: readonly SpendRow[] = [
    ...rows.map((row) => ({ ...row, name: valueLabel(row.label ?? row.key), before: before.get(row.key) })),
    ...(other === null || other === undefined
      ? []
      : [{ ...other, key: null, name: 'Other', isOther: true, before: undefined }]),
  ]
  const decimals = columnDecimals(shown.map(({ costNanoUsd }) => costNanoUsd))
  const all = shown.reduce((sum, { costNanoUsd }) => sum + (costNanoUsd ?? 0), 0)
  return (
    <>
      {groupBy === 'tool' && (
        <p class="muted">
          Cost and tokens are those of the model calls that asked for the tool. A call that asked for two counts under
          each, so the rows can add up to more than the total.
        </p>
      )}
      {groupBy === 'tag' && (
        <p class="muted">A call counts under each of its tags, so the rows can add up to more than the total.</p>
      )}
      <DataTable
        caption={`Spend by ${(FILTER_LABELS[groupBy] ?? groupBy).toLowerCase()}`}
        columns={spendColumns(FILTER_LABELS[groupBy] ?? groupBy, all, decimals)}
        rows={shown}
        rowKey={({ key, isOther }) => `${key ?? ''}:${key === null}:${isOther === true}`}
        hrefOf={({ key, isOther }) =>
          isOther === true
            ? toPage(route, 'spend', { changes: { group: groupBy } })
            : toPage(route, 'overview', { changes: { [groupBy]: key ?? '' } })
        }
      />
    </>
  )
}

function spendColumns(name: string, all: number, decimals: number): readonly Column<SpendRow>[] {
  return [
    { name: 'key', label: name, cell: (row) => row.name },
    { name: 'cost', label: 'Cost', isNumber: true, cell: (row) => <TotalCost totals={row} decimals={decimals} /> },
    {
      name: 'share',
      label: 'Share',
      isNumber: true,
      cell: ({ costNanoUsd }) => formatShare(shareOf(costNanoUsd, all)),
    },
    {
      name: 'change',
      label: 'Previous period',
      isNumber: true,
      priority: 3,
      cell: ({ before }) =>
        before === undefined ? <span class="muted">–</span> : <TotalCost totals={before} decimals={decimals} />,
    },
    { name: 'calls', label: 'Calls', isNumber: true, cell: ({ calls }) => formatCount(calls) },
    {
      name: 'tokens',
      label: 'Tokens',
      isNumber: true,
      priority: 2,
      cell: ({ totalTokens }) => formatCompact(totalTokens),
    },
    {
      name: 'cached',
      label: 'Cached',
      isNumber: true,
      priority: 3,
      cell: ({ cacheReadTokens, inputTokens }) => formatShare(shareOf(cacheReadTokens, inputTokens)),
    },
    {
      name: 'tools',
      label: 'Tool calls',
      isNumber: true,
      priority: 3,
      cell: ({ toolCalls }) => formatCount(toolCalls),
    },
    {
      name: 'errors',
      label: 'Error rate',
      isNumber: true,
      priority: 2,
      cell: ({ errors, calls }) => (
        <span title={`${formatCount(errors)} calls`}>{formatShare(shareOf(errors, calls))}</span>
      ),
    },
    {
      name: 'latency',
      label: 'Average duration',
      isNumber: true,
      priority: 3,
      cell: ({ averageDurationMs }) => formatDuration(averageDurationMs),
    },
  ]
}
