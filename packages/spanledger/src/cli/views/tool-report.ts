import type { CallFilter, ToolStats } from '@spanledger/store'
import { countOf, formatCount, formatDuration, formatShare, UNKNOWN } from '../text/numbers.ts'
import { renderTable, type TableColumn } from '../text/table.ts'
import type { Report } from './report-view.ts'
import type { Ledger } from '../../ledger/ledger.ts'

const FIELDS = [
  ['tool', 'tool'],
  ['calls', 'calls'],
  ['succeeded', 'succeeded'],
  ['failed', 'failed'],
  ['averageDurationMs', 'average_duration_ms'],
  ['p95DurationMs', 'p95_duration_ms'],
  ['lastStartedAt', 'last_started_at'],
] as const satisfies readonly (readonly [keyof ToolStats, string])[]

const COLUMNS: readonly TableColumn<ToolStats>[] = [
  { title: 'tool', cell: (row) => row.tool ?? UNKNOWN },
  { title: 'calls', align: 'right', cell: (row) => formatCount(row.calls) },
  { title: 'failed', align: 'right', cell: (row) => formatCount(row.failed) },
  // Share of the calls that have ended: a running call is not a failure.
  {
    title: 'success',
    align: 'right',
    cell: (row) => formatShare(row.succeeded, row.succeeded + row.failed),
    dropOrder: 1,
  },
  { title: 'avg time', align: 'right', cell: (row) => formatDuration(row.averageDurationMs), dropOrder: 2 },
  { title: 'p95 time', align: 'right', cell: (row) => formatDuration(row.p95DurationMs), dropOrder: 3 },
]

/** The calls, failures and durations of each tool. */
export async function createToolReport(ledger: Ledger, filter: CallFilter): Promise<Report> {
  const rows = await ledger.toolStats(filter)
  const calls = sumOf(rows, 'calls')
  const succeeded = sumOf(rows, 'succeeded')
  const failed = sumOf(rows, 'failed')
  return {
    rows,
    totals: { calls, succeeded, failed },
    csv: [FIELDS.map(([, title]) => title), ...rows.map((row) => FIELDS.map(([name]) => row[name]))],
    isEmpty: rows.length === 0,
    table: (options) => renderTable(rows, COLUMNS, options),
    footer: [
      `${countOf(calls, 'tool call')}, ${failed} failed, ${formatShare(succeeded, succeeded + failed)} succeeded`,
    ],
  }
}

function sumOf(rows: readonly ToolStats[], count: 'calls' | 'succeeded' | 'failed'): number {
  return rows.reduce((sum, row) => sum + row[count], 0)
}
