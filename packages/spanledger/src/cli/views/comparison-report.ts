import { toUsdText } from '@spanledger/server/export'
import type { CallFilter, UsageRow, UsageTotals } from '@spanledger/store'
import type { Ledger } from '../../ledger/ledger.ts'
import { countOf, formatChange, formatCount, formatPoints, formatShare, formatUsd, UNKNOWN } from '../text/numbers.ts'
import { renderTable, type TableColumn } from '../text/table.ts'
import type { ReportGrouping } from './report-grouping.ts'
import type { Report } from './report-view.ts'
import { usageRows } from './usage-rows.ts'

/** The range of a report and the one just before it. */
export interface ComparedRanges {
  readonly filter: CallFilter
  readonly previous: CallFilter
}

/** The sums of one value in both ranges; null in a range that does not have it. */
interface ComparedRow {
  readonly key: string | null
  readonly isOther?: true
  readonly now: UsageTotals | null
  readonly before: UsageTotals | null
}

/** What is compared of one row: calls and failures of tools if tools are the grouping, else those of models. */
interface Counted {
  readonly calls: number
  readonly errors: number
  readonly costNanoUsd: number | null
}

const FIELDS = ['calls', 'total_tokens', 'cost_usd', 'errors', 'tool_calls', 'tool_errors'] as const

/** The sums of calls for each value of a grouping, beside those of the range before. */
export async function createComparisonReport(
  ledger: Ledger,
  { filter, previous }: ComparedRanges,
  by: ReportGrouping,
): Promise<Report> {
  const rows = comparedRows(await usageRows(ledger, filter, by), await usageRows(ledger, previous, by))
  const total: ComparedRow = {
    key: 'total',
    now: await ledger.summary(filter),
    before: await ledger.summary(previous),
  }
  const countsOf = by === 'tool' ? toolCounts : callCounts
  const shown = rows.filter(({ now, before }) => countsOf(now).calls + countsOf(before).calls > 0)
  return {
    rows: rows.map(({ now, before, ...row }) => ({ ...row, ...now, previous: before })),
    totals: { ...total.now, previous: total.before },
    csv: [
      [by, ...FIELDS.flatMap((name) => [name, `${name}_before`])],
      ...rows.map((row) => [row.key, ...csvCells(row)]),
    ],
    isEmpty: shown.length === 0,
    table: (options) => renderTable(shown, columnsFor(by, countsOf), { ...options, total }),
    footer: [
      `${countOf(countsOf(total.now).calls, by === 'tool' ? 'tool call' : 'call')}, compared with the range of equal length before`,
    ],
  }
}

function comparedRows(now: readonly UsageRow[], before: readonly UsageRow[]): readonly ComparedRow[] {
  const nameOf = ({ key, isOther }: UsageRow): string => JSON.stringify([key, isOther])
  const previous = new Map(before.map((row) => [nameOf(row), row]))
  const known = new Set(now.map(nameOf))
  const gone = before.filter((row) => !known.has(nameOf(row)))
  return [
    ...now.map((row) => ({ ...namesOf(row), now: totalsOf(row), before: totalsOf(previous.get(nameOf(row))) })),
    ...gone.map((row) => ({ ...namesOf(row), now: null, before: totalsOf(row) })),
  ]
}

function namesOf({ key, isOther }: UsageRow): Pick<ComparedRow, 'key' | 'isOther'> {
  return { key, ...(isOther === true ? { isOther } : {}) }
}

function totalsOf(row: UsageRow | undefined): UsageTotals | null {
  if (row === undefined) return null
  const { key: _, isOther: __, ...totals } = row
  return totals
}

function callCounts(totals: UsageTotals | null): Counted {
  return { calls: totals?.calls ?? 0, errors: totals?.errors ?? 0, costNanoUsd: costOf(totals) }
}

function toolCounts(totals: UsageTotals | null): Counted {
  return { calls: totals?.toolCalls ?? 0, errors: totals?.toolErrors ?? 0, costNanoUsd: costOf(totals) }
}

// A range without calls cost nothing, which is known.
function costOf(totals: UsageTotals | null): number | null {
  return totals === null || totals.calls === 0 ? 0 : totals.costNanoUsd
}

function columnsFor(by: ReportGrouping, countsOf: typeof callCounts): TableColumn<ComparedRow>[] {
  const pair = (row: ComparedRow) => ({ now: countsOf(row.now), before: countsOf(row.before) })
  const column = (title: string, cell: TableColumn<ComparedRow>['cell'], dropOrder?: number) => ({
    title,
    align: 'right' as const,
    cell,
    ...(dropOrder === undefined ? {} : { dropOrder }),
  })
  return [
    { title: by, cell: ({ key, isOther }) => (isOther === true ? 'other' : (key ?? UNKNOWN)), minLength: 12 },
    column('calls', (row) => formatCount(pair(row).now.calls)),
    column('before', (row) => formatCount(pair(row).before.calls), 5),
    column('change', (row) => formatChange(pair(row).now.calls, pair(row).before.calls), 2),
    column('cost', (row) => usd(pair(row).now.costNanoUsd)),
    column('before', (row) => usd(pair(row).before.costNanoUsd), 1),
    column('change', (row) => formatChange(pair(row).now.costNanoUsd, pair(row).before.costNanoUsd)),
    column('failed', (row) => rate(pair(row).now), 3),
    column('before', (row) => rate(pair(row).before), 6),
    column('change', (row) => formatPoints(pair(row)), 4),
  ]
}

function usd(nanoUsd: number | null): string {
  return nanoUsd === null ? UNKNOWN : formatUsd(nanoUsd)
}

function rate({ errors, calls }: Counted): string {
  return formatShare(errors, calls)
}

function csvCells({ now, before }: ComparedRow): (string | number | null)[] {
  return FIELDS.flatMap((name) => [csvCell(now, name), csvCell(before, name)])
}

function csvCell(totals: UsageTotals | null, name: (typeof FIELDS)[number]): string | number | null {
  if (totals === null) return null
  const { costNanoUsd } = totals
  return {
    calls: totals.calls,
    total_tokens: totals.totalTokens,
    cost_usd: costNanoUsd === null ? null : toUsdText(costNanoUsd),
    errors: totals.errors,
    tool_calls: totals.toolCalls,
    tool_errors: totals.toolErrors,
  }[name]
}
