import type { Call } from '@spanledger/core'
import { createTimeFormat } from '../time.ts'
import { callName, modelName } from '../text/call-name.ts'
import { formatCount, formatDuration, formatUsd, UNKNOWN } from '../text/numbers.ts'
import { type RenderedTable, renderTable, type TableColumn, type TableOptions } from '../text/table.ts'
import type { ToolsOfCalls } from './tools-of-calls.ts'

export interface CallTableOptions extends TableOptions<Call> {
  readonly tools: ToolsOfCalls
  readonly timeZone: string
}

/** The characters of an id that `spanledger trace` usually needs. */
const SHORT_ID = 8

/**
 * One row per call, and only the columns that say something about these. A value that does not apply to the kind of call
 * is empty; an unknown value is `–`. Id, status and cost are never left out, an error is only shortened.
 */
export function callTable(calls: readonly Call[], options: CallTableOptions): RenderedTable {
  const format = createTimeFormat(options.timeZone)
  const kinds = new Set(calls.map(({ kind }) => kind))
  const columns: readonly (TableColumn<Call> & { readonly isNews?: (call: Call) => boolean })[] = [
    { title: 'id', cell: (call) => call.trace_id.slice(0, SHORT_ID) },
    {
      title: 'started',
      cell: (call) => format(call.started_at),
      shortCell: (call) => format(call.started_at).slice('2026-'.length, '2026-11-03 12:00'.length),
    },
    { title: 'status', cell: (call) => call.status },
    { title: 'kind', cell: (call) => call.kind, dropOrder: 6, isNews: () => kinds.size > 1 },
    { title: calls.every(isBilled) ? 'model' : 'call', cell: nameCell, minLength: 12 },
    { title: 'input', align: 'right', cell: (call) => tokenCell(call, call.input_tokens), dropOrder: 5 },
    { title: 'output', align: 'right', cell: (call) => tokenCell(call, call.output_tokens), dropOrder: 4 },
    { title: 'cost', align: 'right', cell: costCell },
    { title: 'time', align: 'right', cell: (call) => formatDuration(call.duration_ms), dropOrder: 2 },
    {
      title: 'tools',
      cell: (call) => toolNames(options.tools(call)),
      dropOrder: 7,
      maxLength: 40,
      isNews: (call) => options.tools(call).length > 0,
    },
    {
      title: 'user',
      cell: (call) => call.user_id ?? UNKNOWN,
      dropOrder: 3,
      maxLength: 24,
      minLength: 12,
      isNews: (call) => call.user_id !== null,
    },
    { title: 'error', cell: errorCell, maxLength: 60, minLength: 14, isNews: (call) => errorCell(call) !== '' },
  ]
  return renderTable(
    calls,
    columns.filter(({ isNews }) => isNews === undefined || calls.some(isNews)),
    options,
  )
}

function isBilled({ billable }: Call): boolean {
  return billable === 1
}

function nameCell(call: Call): string {
  return isBilled(call) ? (modelName(call) ?? UNKNOWN) : callName(call)
}

// Runs repeat the sums of their calls, so adding up this column would count tokens twice.
function tokenCell(call: Call, tokens: number | null): string {
  return call.billable === 1 ? formatCount(tokens) : ''
}

function costCell(call: Call): string {
  if (call.billable === 0) return ''
  if (call.cost_nano_usd !== null)
    return `${(call.cost_flags ?? []).length > 0 ? '≈' : ''}${formatUsd(call.cost_nano_usd)}`
  const isUsageKnown = [call.input_tokens, call.output_tokens, call.total_tokens].some((tokens) => tokens !== null)
  return isUsageKnown ? 'unpriced' : UNKNOWN
}

/** Names in the order of the calls, such as `weather ×2, search ✗`. */
function toolNames(tools: readonly Call[]): string {
  const counts = new Map<string, number>()
  for (const tool of [...tools].sort((a, b) => a.started_at - b.started_at)) {
    const name = `${tool.tool_name ?? UNKNOWN}${tool.status === 'error' ? ' ✗' : ''}`
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts].map(([name, count]) => (count === 1 ? name : `${name} ×${count}`)).join(', ')
}

function errorCell(call: Call): string {
  return call.status === 'ok' ? '' : (call.error_message ?? call.error_type ?? '')
}
