import type { ToolFailure, ToolStats, ToolsAnswer } from '@spanledger/server/api'
import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import { useLiveRefresh } from '../api/live.tsx'
import { useQuery } from '../api/use-query.ts'
import { BarList } from '../charts/bar-list.tsx'
import { nameSeries } from '../charts/chart-data.ts'
import { StackedChart } from '../charts/stacked-chart.tsx'
import { useChartLinks } from '../charts/use-chart-links.ts'
import {
  axisCount,
  countOf,
  formatCompact,
  formatCount,
  formatDuration,
  formatShare,
  shareOf,
} from '../format/numbers.ts'
import { formatTime } from '../format/time.ts'
import { Card } from '../parts/card.tsx'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { TableExport } from '../parts/export-links.tsx'
import { Loaded, NoMatch } from '../parts/page-states.tsx'
import { valueLabel } from '../view/filters.ts'
import { toPage } from '../view/route.ts'
import { useView } from '../view/view.tsx'
import { PageHead } from './page-head.tsx'

/** Which tools are called, how long they take, and why they fail. */
export function Tools(): JSX.Element {
  const { query, refresh } = useView()
  const usage = useQuery<ToolsAnswer>(`/api/ai-usage/tools?${query}`)
  useLiveRefresh(refresh)
  return (
    <>
      <PageHead title="Tools">
        <TableExport path="/api/ai-usage/tools" query={query} name="tools" />
      </PageHead>
      <Loaded query={usage}>
        {(data) => (data.tools.length === 0 ? <NoMatch what="tool calls" /> : <ToolNumbers usage={data} />)}
      </Loaded>
    </>
  )
}

function ToolNumbers({ usage }: { readonly usage: ToolsAnswer }): JSX.Element {
  const { tz, route } = useView()
  const { tools, overTime } = usage
  const links = useChartLinks('tool')
  const series = useMemo(() => nameSeries(overTime.series), [overTime.series])
  const failed = useMemo(() => [{ ...overTime.failures, name: 'Failed', color: 6 }], [overTime.failures])
  return (
    <div class="stack">
      <ToolTotals tools={tools} />
      <div class="pair">
        <Card title="Calls over time" hint="by tool">
          <StackedChart
            title="Tool calls over time"
            buckets={overTime.buckets}
            series={series}
            format={formatCompact}
            formatAxis={axisCount}
            tz={tz}
            {...links}
          />
        </Card>
        <Card title="Failures over time">
          <StackedChart
            title="Failed tool calls over time"
            buckets={overTime.buckets}
            series={failed}
            format={formatCompact}
            formatAxis={axisCount}
            tz={tz}
            onOpen={links.onOpen}
            onZoom={links.onZoom}
          />
        </Card>
      </div>
      <div class="pair">
        <Card title="Most used">
          <BarList
            label="Tools by calls"
            lines={tools.slice(0, 10).map((tool) => ({
              key: tool.tool ?? '',
              name: valueLabel(tool.tool),
              href: toPage(route, 'calls', { changes: { tool: tool.tool ?? '', kind: 'tool' } }),
              value: formatCount(tool.calls),
              note: formatShare(
                shareOf(
                  tool.calls,
                  sumBy(tools, ({ calls }) => calls),
                ),
              ),
              size: tool.calls,
            }))}
          />
        </Card>
        <Failures tools={tools} />
      </div>
      <Card title="All tools">
        <DataTable
          caption="Tools"
          columns={toolColumns(tz)}
          rows={tools}
          rowKey={({ tool }) => tool ?? ''}
          hrefOf={({ tool }) => toPage(route, 'calls', { changes: { tool: tool ?? '', kind: 'tool' } })}
        />
      </Card>
    </div>
  )
}

function ToolTotals({ tools }: { readonly tools: readonly ToolStats[] }): JSX.Element {
  const calls = sumBy(tools, (tool) => tool.calls)
  const failed = sumBy(tools, (tool) => tool.failed)
  const succeeded = sumBy(tools, (tool) => tool.succeeded)
  const tiles = [
    ['Tool calls', formatCount(calls), countOf(tools.length, 'tool')],
    ['Succeeded', formatShare(shareOf(succeeded, calls)), countOf(succeeded, 'call')],
    ['Failed', formatShare(shareOf(failed, calls)), countOf(failed, 'call')],
    ['Unfinished', formatCount(calls - succeeded - failed), 'open, aborted or crashed'],
  ] as const
  return (
    <ul class="tiles" aria-label="Tool totals">
      {tiles.map(([label, value, note]) => (
        <li class="tile" key={label}>
          <span class="tile-label">{label}</span>
          <span class="tile-value">{value}</span>
          <span class="tile-note">{note}</span>
        </li>
      ))}
    </ul>
  )
}

function Failures({ tools }: { readonly tools: readonly ToolStats[] }): JSX.Element {
  const { tz, route } = useView()
  const failures = tools
    .flatMap((tool) => tool.failures.map((failure) => ({ ...failure, tool: tool.tool })))
    .toSorted((a, b) => b.calls - a.calls)
  const columns: readonly Column<ToolFailure & { readonly tool: string | null }>[] = [
    { name: 'tool', label: 'Tool', cell: ({ tool }) => valueLabel(tool) },
    {
      name: 'message',
      label: 'Error',
      cell: ({ message, errorType }) => (
        <span class="clamp" title={message ?? undefined}>
          {message ?? errorType ?? 'No message'}
        </span>
      ),
    },
    { name: 'calls', label: 'Calls', isNumber: true, cell: ({ calls }) => formatCount(calls) },
    { name: 'last', label: 'Last seen', priority: 3, cell: ({ lastStartedAt }) => formatTime(lastStartedAt, tz) },
  ]
  return (
    <Card
      title="Failures by message"
      actions={
        <a class="card-link" href={toPage(route, 'calls', { changes: { kind: 'tool', status: 'error' } })}>
          All <span class="sr-only">failed tool calls</span>
        </a>
      }
    >
      {failures.length === 0 ? (
        <p class="muted card-nothing">No tool calls failed.</p>
      ) : (
        <DataTable
          caption="Failures by tool and message"
          columns={columns}
          rows={failures.slice(0, 12)}
          rowKey={({ callId }) => callId}
          hrefOf={({ callId }) => toPage(route, 'calls', { id: callId })}
        />
      )}
    </Card>
  )
}

function toolColumns(tz: string): readonly Column<ToolStats>[] {
  return [
    { name: 'tool', label: 'Tool', cell: ({ tool }) => valueLabel(tool) },
    { name: 'calls', label: 'Calls', isNumber: true, cell: ({ calls }) => formatCount(calls) },
    { name: 'success', label: 'Success rate', isNumber: true, cell: ({ successRate }) => formatShare(successRate) },
    { name: 'failed', label: 'Failed', isNumber: true, cell: ({ failed }) => formatCount(failed) },
    {
      name: 'average',
      label: 'Average duration',
      isNumber: true,
      priority: 2,
      cell: ({ averageDurationMs }) => formatDuration(averageDurationMs),
    },
    {
      name: 'p95',
      label: 'p95 duration',
      isNumber: true,
      priority: 2,
      cell: ({ p95DurationMs }) => formatDuration(p95DurationMs),
    },
    { name: 'last', label: 'Last call', priority: 3, cell: ({ lastStartedAt }) => formatTime(lastStartedAt, tz) },
  ]
}

function sumBy<Row>(rows: readonly Row[], of: (row: Row) => number): number {
  return rows.reduce((sum, row) => sum + of(row), 0)
}
