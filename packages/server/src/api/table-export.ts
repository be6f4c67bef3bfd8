import type { SessionSummary } from '@spanledger/store'
import { type CsvCell, isoTime, toCsv, toUsdText } from '../export/csv.ts'
import { EXPORT_TYPES } from './call-export.ts'
import type { Totals, TotalsRow } from './schemas/totals.ts'
import type { ToolsAnswer } from './schemas/usage.ts'

/** A title, and what stands below it. */
type CsvColumn<Row> = readonly [string, (row: Row) => CsvCell]

/** The headers of an answer that is a CSV file. */
export function csvHeaders(name: string): Record<string, string> {
  return { 'content-type': EXPORT_TYPES.csv, 'content-disposition': `attachment; filename="${name}.csv"` }
}

/** The rows of a breakdown, and the sum of the rows beyond its limit. */
export function breakdownCsv(groupBy: string, rows: readonly TotalsRow[], other: Totals | null): string {
  const others = other === null ? [] : [{ ...other, key: null, label: 'other' }]
  return tableOf<TotalsRow>(
    [[groupBy, (row) => row.key], ['label', (row) => row.label], ...TOTALS_COLUMNS],
    [...rows, ...others],
  )
}

/** The tools of a report. */
export function toolsCsv({ tools }: Pick<ToolsAnswer, 'tools'>): string {
  return tableOf<ToolsAnswer['tools'][number]>(
    [
      ['tool', (tool) => tool.tool],
      ['calls', (tool) => tool.calls],
      ['succeeded', (tool) => tool.succeeded],
      ['failed', (tool) => tool.failed],
      ['success_rate', (tool) => tool.successRate],
      ['average_duration_ms', (tool) => tool.averageDurationMs],
      ['p95_duration_ms', (tool) => tool.p95DurationMs],
      ['last_started_at', (tool) => tool.lastStartedAt],
      ['last_started_at_iso', (tool) => isoTime(tool.lastStartedAt)],
    ],
    tools,
  )
}

/** A list of sessions. */
export function sessionsCsv(sessions: readonly SessionSummary[]): string {
  return tableOf<SessionSummary>(
    [
      ['session', (one) => one.session],
      ['user', (one) => one.user],
      ['project', (one) => one.project],
      ['first_question', (one) => one.firstQuestion],
      ['turns', (one) => one.turns],
      ['calls', (one) => one.calls],
      ['tool_calls', (one) => one.toolCalls],
      ['errors', (one) => one.errors],
      ['total_tokens', (one) => one.totalTokens],
      ...COST_COLUMNS,
      ['started_at', (one) => one.startedAt],
      ['started_at_iso', (one) => isoTime(one.startedAt)],
      ['ended_at', (one) => one.endedAt],
      ['ended_at_iso', (one) => isoTime(one.endedAt)],
    ],
    sessions,
  )
}

type Costs = Pick<Totals, 'costNanoUsd' | 'estimatedCalls' | 'unpricedCalls' | 'unknownUsageCalls'>

const COST_COLUMNS: readonly CsvColumn<Costs>[] = [
  ['cost_nano_usd', (row) => row.costNanoUsd],
  ['cost_usd', (row) => (row.costNanoUsd === null ? null : toUsdText(row.costNanoUsd))],
  ['estimated_calls', (row) => row.estimatedCalls],
  ['unpriced_calls', (row) => row.unpricedCalls],
  ['unknown_usage_calls', (row) => row.unknownUsageCalls],
]

const TOTALS_COLUMNS: readonly CsvColumn<Totals>[] = [
  ['calls', (row) => row.calls],
  ...COST_COLUMNS,
  ['input_tokens', (row) => row.inputTokens],
  ['output_tokens', (row) => row.outputTokens],
  ['total_tokens', (row) => row.totalTokens],
  ['cache_read_tokens', (row) => row.cacheReadTokens],
  ['cache_write_tokens', (row) => row.cacheWriteTokens],
  ['reasoning_tokens', (row) => row.reasoningTokens],
  ['errors', (row) => row.errors],
  ['open_calls', (row) => row.openCalls],
  ['tool_calls', (row) => row.toolCalls],
  ['tool_errors', (row) => row.toolErrors],
  ['average_duration_ms', (row) => row.averageDurationMs],
  ['p50_duration_ms', (row) => row.duration?.p50Ms ?? null],
  ['p95_duration_ms', (row) => row.duration?.p95Ms ?? null],
  ['p50_time_to_first_token_ms', (row) => row.timeToFirstToken?.p50Ms ?? null],
]

function tableOf<Row>(columns: readonly CsvColumn<Row>[], rows: readonly Row[]): string {
  return toCsv([columns.map(([title]) => title), ...rows.map((row) => columns.map(([, cellOf]) => cellOf(row)))])
}
