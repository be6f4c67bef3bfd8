import type { StoredCall, Trace, TraceNode, TraceSummary } from '@spanledger/store'
import type { Command } from 'commander'
import type { CliContext } from '../cli/context.ts'
import { addLedgerOption, askLedger, type LedgerOption } from '../cli/ledger.ts'
import { addFormatOption, type Format } from '../cli/format.ts'
import { createTimeFormat } from '../cli/time.ts'
import { callName } from '../cli/text/call-name.ts'
import { callsAsText } from '@spanledger/server/export'
import { countOf, formatCount, formatDuration, formatUsd, UNKNOWN } from '../cli/text/numbers.ts'
import { printable } from '../cli/text/printable.ts'
import { renderTable, type TableColumn } from '../cli/text/table.ts'
import type { Ledger } from '../ledger/ledger.ts'

interface TraceOptions extends LedgerOption {
  readonly format: Format
}

/** A call and its depth in the tree. */
interface Row {
  readonly call: StoredCall
  readonly depth: number
}

const BAR_WIDTH = 24
const TRACE_ID_LENGTH = 32
const MAX_CANDIDATES = 10

export function addTraceCommand(program: Command, context: CliContext): void {
  const command = program
    .command('trace')
    .description('Shows a trace as a tree: the calls with their times, durations and costs.')
    .argument('<id>', 'id of a trace or of a call in it, or its first characters')
  addFormatOption(command, ['table', 'json', 'jsonl', 'csv'])
  addLedgerOption(command)
  command.action((id: string, options: TraceOptions) => printTrace(id, options, context))
}

async function printTrace(id: string, options: TraceOptions, context: CliContext): Promise<void> {
  const { output } = context
  await askLedger(options, context, async (ledger) => {
    const trace = await findTrace(ledger, id, context.timeZone)
    const rows = rowsOf(trace.roots)
    if (options.format !== 'table') {
      const calls = each(rows.map(({ call }) => call))
      for await (const text of callsAsText(calls, options.format, { content: false })) await output.write(text)
      return
    }
    const { text, leftOut } = renderTable(rows, columnsOf(trace, rows), {
      width: output.width,
      heading: output.heading,
    })
    await output.write(text)
    const started = createTimeFormat(context.timeZone)(trace.startedAt)
    const cost = trace.totals.costNanoUsd === null ? UNKNOWN : formatUsd(trace.totals.costNanoUsd)
    output.note(
      `${countOf(rows.length, 'row')}, started ${started}, ${countOf(trace.totals.calls, 'billed call')}, ${cost}`,
    )
    if (leftOut.length > 0)
      output.note(`Narrow terminal: left out ${leftOut.join(', ')}; use a wider one or --format json`)
  })
}

async function findTrace(ledger: Ledger, id: string, timeZone: string): Promise<Trace> {
  const [, start, rest] = /^([\da-f]{1,32})(-[\da-f]{0,16})?$/i.exec(id.trim()) ?? []
  const isWhole = start?.length === TRACE_ID_LENGTH
  // Only a whole trace id is followed by the id of a call.
  const found = start === undefined || (rest !== undefined && !isWhole) ? [] : await findTraces(ledger, start)
  const [only, ...others] = found
  if (others.length > 0) throw new Error(ambiguousText(id, found, timeZone))
  const trace = only === undefined ? undefined : await ledger.trace(only.traceId)
  if (trace !== undefined) return trace
  throw new Error(`No trace "${printable(id.slice(0, 100))}"; "spanledger calls" shows the id of each call`)
}

function findTraces(ledger: Ledger, prefix: string): Promise<readonly TraceSummary[]> {
  return ledger.traces({ prefix, limit: MAX_CANDIDATES + 1 })
}

function ambiguousText(id: string, found: readonly TraceSummary[], timeZone: string): string {
  const format = createTimeFormat(timeZone)
  const candidates = found
    .slice(0, MAX_CANDIDATES)
    .map(({ traceId, startedAt, rows }) => `  ${traceId}  ${format(startedAt)}  ${countOf(rows, 'row')}`)
  const more = found.length > MAX_CANDIDATES ? ['  …'] : []
  const count = found.length > MAX_CANDIDATES ? `more than ${MAX_CANDIDATES}` : `${found.length}`
  return [`"${id.trim()}" is the start of ${count} trace ids; type more of one:`, ...candidates, ...more].join('\n')
}

// Not recursive: traces of agents can be deeper than the call stack.
function rowsOf(roots: readonly TraceNode[]): Row[] {
  const rows: Row[] = []
  const waiting = roots.map((node) => ({ node, depth: 0 })).reverse()
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, depth } = next
    rows.push({ call: node.call, depth })
    waiting.push(...node.children.map((child) => ({ node: child, depth: depth + 1 })).reverse())
  }
  return rows
}

function columnsOf({ startedAt }: Trace, rows: readonly Row[]): readonly TableColumn<Row>[] {
  const end = rows.reduce((last, { call }) => Math.max(last, call.ended_at ?? call.started_at), startedAt)
  return [
    { title: 'call', cell: ({ call, depth }) => `${'· '.repeat(Math.min(depth, 12))}${callName(call)}`, maxLength: 60 },
    { title: 'kind', cell: ({ call }) => call.kind, dropOrder: 4 },
    { title: 'status', cell: ({ call }) => call.status },
    {
      title: 'tokens',
      align: 'right',
      cell: ({ call }) => (call.billable === 1 ? formatCount(call.total_tokens) : ''),
      dropOrder: 3,
    },
    { title: 'cost', align: 'right', cell: ({ call }) => costOf(call) },
    { title: 'time', align: 'right', cell: ({ call }) => formatDuration(call.duration_ms) },
    { title: 'when', cell: ({ call }) => barOf(call, { from: startedAt, to: end }), dropOrder: 2 },
    {
      title: 'error',
      cell: ({ call }) => call.error_message ?? call.error_type ?? '',
      dropOrder: 1,
      maxLength: 60,
      minLength: 14,
    },
  ]
}

function costOf(call: StoredCall): string {
  if (call.billable === 0) return ''
  return call.cost_nano_usd === null ? UNKNOWN : formatUsd(call.cost_nano_usd)
}

function barOf(call: StoredCall, { from, to }: { readonly from: number; readonly to: number }): string {
  const scale = to > from ? BAR_WIDTH / (to - from) : 0
  const start = Math.min(BAR_WIDTH - 1, Math.floor((call.started_at - from) * scale))
  const length = Math.max(1, Math.round(((call.ended_at ?? call.started_at) - call.started_at) * scale))
  return `${'·'.repeat(start)}${'█'.repeat(Math.min(length, BAR_WIDTH - start))}`
}

async function* each<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items
}
