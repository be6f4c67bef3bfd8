import type { Call } from '@spanledger/core'
import { msBetween } from '@spanledger/core'
import type { ProviderCall } from '../provider-server/index.ts'
import type { Attempt } from './match-attempts.ts'
import type { CellRun } from './run-cell.ts'
import { METADATA } from './run-scenario.ts'
import { majorOf } from './variants.ts'

/** What is wrong with how the rows of a cell belong together: run, parents, tools, who, time. */
export function traceProblems(cell: CellRun, attempts: readonly Attempt[]): readonly string[] {
  return [...runProblems(cell), ...toolProblems(cell, attempts), ...whoProblems(cell), ...timeProblems(cell)]
}

function runProblems({ rows }: CellRun): readonly string[] {
  const runs = [...new Set(rows.map((row) => row.run_id))]
  const traces = new Set(rows.map((row) => row.trace_id))
  const outermost = rows.find((row) => row.parent_span_id === null)
  return [
    ...(runs.length === 1 && traces.size === 1 ? [] : [`${runs.length} runs in ${traces.size} traces instead of one`]),
    ...(outermost === undefined || runs.includes(outermost.span_id) ? [] : ['run_id is not the outermost call']),
  ]
}

const TOOLS = /tool|^sub-agent$/
const FAILING = /^(failing-tool|stream-failing-tool|unknown-tool|invalid-tool-arguments)$/
const REFUSED = /^(unknown-tool|invalid-tool-arguments)$/

// What the model asked for on the wire is what must have been run, below the row of the attempt that asked.
function toolProblems(cell: CellRun, attempts: readonly Attempt[]): readonly string[] {
  const tools = cell.rows.filter((row) => row.kind === 'tool')
  const expected = TOOLS.test(cell.scenario.name) ? expectedTools(cell, attempts) : []
  const left = new Set(tools)
  const missing = expected.filter((tool) => {
    const row = [...left].find((row) => isRow(row, tool))
    if (row !== undefined) left.delete(row)
    return row === undefined
  })
  return [
    ...missing.map((tool) => `no row for tool ${JSON.stringify(tool)}`),
    ...[...left].map((row) => `unexpected tool row: ${row.tool_name}, ${row.status}, below ${parentKind(cell, row)}`),
  ]
}

interface ExpectedTool {
  readonly name: string
  readonly id: string | undefined
  readonly parent: string | undefined
  readonly status: 'ok' | 'error'
}

function expectedTools({ scenario, variant }: CellRun, attempts: readonly Attempt[]): readonly ExpectedTool[] {
  // AI SDK 4 throws before it traces a call that it refuses.
  if (REFUSED.test(scenario.name) && majorOf(variant) === 4) return []
  return attempts.flatMap(({ calls: [call], row }) =>
    (call?.toolCalls ?? []).map(({ id, name }) => ({
      name,
      id,
      parent: row?.span_id,
      status: FAILING.test(scenario.name) ? ('error' as const) : ('ok' as const),
    })),
  )
}

function isRow(row: Call, tool: ExpectedTool): boolean {
  return (
    row.tool_name === tool.name &&
    row.status === tool.status &&
    row.parent_span_id === tool.parent &&
    (tool.id === undefined || row.tool_call_id === tool.id) &&
    (tool.status === 'ok') === (row.error_type === null)
  )
}

function parentKind({ rows }: CellRun, row: Call): string | undefined {
  return rows.find((parent) => parent.span_id === row.parent_span_id)?.kind
}

function whoProblems(cell: CellRun): readonly string[] {
  const who = saysWho(cell) ? METADATA : { userId: null, sessionId: null, tags: null }
  return cell.rows.flatMap((row) => {
    const said = { userId: row.user_id, sessionId: row.session_id, tags: row.tags }
    return JSON.stringify(said) === JSON.stringify(who) ? [] : [`${row.kind} is attributed to ${JSON.stringify(said)}`]
  })
}

// AI SDK 7 knows who from the runtime context only: not put on spans by default, not taken by these functions.
function saysWho({ scenario, variant }: CellRun): boolean {
  if (majorOf(variant) < 7) return true
  return variant !== '7' && !/^(generate|stream)-object|^(speech|transcribe)$/.test(scenario.name)
}

// What tools took inside a model call is not in its time. Spans start at whole milliseconds, so that a tool can seem to end
// a little after the call around it.
function timeProblems({ rows, spans }: CellRun): readonly string[] {
  const tools = spans.filter((span) => /^(ai\.toolCall|execute_tool .*)$/.test(span.name))
  return rows.flatMap((row) => {
    const span = spans.find((span) => span.spanContext().spanId === row.span_id)
    if (row.kind !== 'model' || row.duration_ms === null || span === undefined) return []
    const own = tools.filter((tool) => tool.parentSpanContext?.spanId === row.span_id)
    const toolMs = Math.max(
      0,
      ...own.map((tool) => Math.min(msBetween(tool.startTime, tool.endTime), msBetween(tool.startTime, span.endTime))),
    )
    const spanMs = msBetween(span.startTime, span.endTime)
    const isRight = row.duration_ms <= spanMs - toolMs + 1 && (own.length > 0 || row.duration_ms >= spanMs - 1)
    return isRight ? [] : [`a model call of ${spanMs} ms with tools of ${toolMs} ms took ${row.duration_ms} ms`]
  })
}

/** The name of an attempt, for messages. */
export function nameOf(call: ProviderCall | undefined): string {
  return call === undefined ? 'no attempt' : `${call.api} ${call.status ?? 'without status'}`
}
