import { toUsdText } from '@spanledger/server/export'
import type { CallFilter, UsageRow, UsageTotals } from '@spanledger/store'
import { countOf, formatCount, formatDuration, formatUsd, UNKNOWN } from '../text/numbers.ts'
import { printable } from '../text/printable.ts'
import { renderTable, type TableColumn } from '../text/table.ts'
import type { ReportGrouping } from './report-grouping.ts'
import type { Report } from './report-view.ts'
import { usageRows } from './usage-rows.ts'
import type { Ledger } from '../../ledger/ledger.ts'

const FIELDS = [
  ['calls', 'calls'],
  ['inputTokens', 'input_tokens'],
  ['outputTokens', 'output_tokens'],
  ['totalTokens', 'total_tokens'],
  ['cacheReadTokens', 'cache_read_tokens'],
  ['cacheWriteTokens', 'cache_write_tokens'],
  ['reasoningTokens', 'reasoning_tokens'],
  ['costNanoUsd', 'cost_nano_usd'],
  ['estimatedCalls', 'estimated_calls'],
  ['unpricedCalls', 'unpriced_calls'],
  ['unknownUsageCalls', 'unknown_usage_calls'],
  ['errors', 'errors'],
  ['toolCalls', 'tool_calls'],
  ['toolErrors', 'tool_errors'],
  ['averageDurationMs', 'average_duration_ms'],
  ['averageTimeToFirstTokenMs', 'average_time_to_first_token_ms'],
] as const satisfies readonly (readonly [keyof UsageTotals, string])[]

// A tool call has no model or provider, so in these groupings it would be a row without calls.
const WITHOUT_TOOLS: ReadonlySet<ReportGrouping> = new Set<ReportGrouping>(['model', 'provider'])
const NAMED_MODELS = 5

/** The sums of calls for each value of a grouping. */
export async function createUsageReport(ledger: Ledger, filter: CallFilter, by: ReportGrouping): Promise<Report> {
  const rows = await usageRows(ledger, filter, by)
  const totals = await ledger.summary(filter)
  const models = totals.unpricedCalls === 0 || by === 'model' ? rows : await ledger.breakdown(filter, 'model')
  const shown = rows.filter((row) => row.calls > 0 || (row.toolCalls > 0 && !WITHOUT_TOOLS.has(by)))
  return {
    rows,
    totals,
    csv: [
      [by, ...FIELDS.map(([, title]) => title), 'cost_usd'],
      ...rows.map((row) => [row.key, ...FIELDS.map(([name]) => row[name]), costText(row)]),
    ],
    isEmpty: shown.length === 0,
    table: (options) => renderTable(shown, columnsFor(by, shown), { ...options, total: { key: 'total', ...totals } }),
    footer: footerOf(totals, models),
  }
}

function columnsFor(by: ReportGrouping, rows: readonly UsageRow[]): TableColumn<UsageRow>[] {
  const columns: readonly (TableColumn<UsageRow> & { readonly isNews?: (row: UsageRow) => boolean })[] = [
    { title: by, cell: (row) => (row.isOther === true ? 'other' : (row.key ?? UNKNOWN)), minLength: 16 },
    { title: 'calls', align: 'right', cell: (row) => formatCount(row.calls) },
    { title: 'input', align: 'right', cell: (row) => formatCount(row.inputTokens), dropOrder: 3 },
    { title: 'output', align: 'right', cell: (row) => formatCount(row.outputTokens), dropOrder: 2 },
    {
      title: 'cache read',
      align: 'right',
      cell: (row) => formatCount(row.cacheReadTokens),
      dropOrder: 8,
      isNews: (row) => row.cacheReadTokens !== null,
    },
    {
      title: 'reasoning',
      align: 'right',
      cell: (row) => formatCount(row.reasoningTokens),
      dropOrder: 9,
      isNews: (row) => row.reasoningTokens !== null,
    },
    { title: 'cost', align: 'right', cell: costCell },
    {
      title: 'no cost',
      align: 'right',
      cell: (row) => formatCount(row.unpricedCalls + row.unknownUsageCalls),
      dropOrder: 1,
      isNews: (row) => row.unpricedCalls + row.unknownUsageCalls > 0,
    },
    { title: 'errors', align: 'right', cell: (row) => formatCount(row.errors), dropOrder: 4 },
    {
      title: 'tools',
      align: 'right',
      cell: (row) => formatCount(row.toolCalls),
      dropOrder: 6,
      isNews: (row) => row.toolCalls > 0 && !WITHOUT_TOOLS.has(by),
    },
    {
      title: 'tool errors',
      align: 'right',
      cell: (row) => formatCount(row.toolErrors),
      dropOrder: 7,
      isNews: (row) => row.toolErrors > 0 && !WITHOUT_TOOLS.has(by),
    },
    { title: 'avg time', align: 'right', cell: (row) => formatDuration(row.averageDurationMs), dropOrder: 5 },
    {
      title: 'first token',
      align: 'right',
      cell: (row) => formatDuration(row.averageTimeToFirstTokenMs),
      dropOrder: 10,
      isNews: (row) => row.averageTimeToFirstTokenMs !== null,
    },
  ]
  return columns.filter(({ isNews }) => isNews === undefined || rows.some(isNews))
}

function costCell({ costNanoUsd, estimatedCalls, unpricedCalls }: UsageTotals): string {
  if (costNanoUsd === null) return unpricedCalls > 0 ? 'unpriced' : UNKNOWN
  return `${estimatedCalls > 0 ? '≈' : ''}${formatUsd(costNanoUsd)}`
}

function costText({ costNanoUsd }: UsageTotals): string | null {
  return costNanoUsd === null ? null : toUsdText(costNanoUsd)
}

function footerOf(totals: UsageTotals, models: readonly UsageRow[]): string[] {
  const { estimatedCalls, unpricedCalls, unknownUsageCalls, toolCalls, toolErrors } = totals
  const parts = [`${countOf(totals.calls, 'call')}, ${costCell(totals)}`]
  if (toolCalls > 0) parts.push(`${countOf(toolCalls, 'tool call')}, ${toolErrors} failed`)
  if (estimatedCalls > 0) parts.push(`≈ estimated: ${countOf(estimatedCalls, 'call')}`)
  if (unpricedCalls > 0) parts.push(`unpriced: ${unpricedModels(models)}`)
  if (unknownUsageCalls > 0) parts.push(`unknown usage: ${countOf(unknownUsageCalls, 'call')}`)
  return parts
}

function unpricedModels(models: readonly UsageRow[]): string {
  const unpriced = models.filter((row) => row.unpricedCalls > 0)
  const named = unpriced
    .slice(0, NAMED_MODELS)
    .map((row) => `${row.key === null ? 'no model' : printable(row.key, 48)} (${countOf(row.unpricedCalls, 'call')})`)
  const more = unpriced.length - named.length
  return `${named.join(', ')}${more > 0 ? ` and ${countOf(more, 'more model')}` : ''}`
}
