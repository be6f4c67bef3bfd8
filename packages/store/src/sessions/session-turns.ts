import { callId } from '@spanledger/core'
import { type RawBuilder, sql, type SqlBool } from 'kysely'
import type { SessionToolCall, SessionTurn } from './session.ts'
import type { StoredCall } from '../calls/call-row.ts'

/**
 * Whether a row of `calls` is one of the runs that an operation holds together, as SQL: each of them answers a question
 * of its own, so each is a turn.
 */
export const BEGINS_TURN: RawBuilder<SqlBool> = sql`(
  calls.kind = 'run' and calls.parent_span_id = calls.run_id and calls.span_id <> calls.run_id and exists (
    select 1 from calls as root
    where root.trace_id = calls.trace_id and root.span_id = calls.run_id and root.kind = 'operation' and root.billable = 0
  )
)`

/** The turns of a session, from its calls with content, in order of time. `heads` are the ids of the calls that `BEGINS_TURN`. */
export function turnsOf(calls: readonly StoredCall[], heads: ReadonlySet<string>): SessionTurn[] {
  const runs = Map.groupBy(calls, (call) => `${call.trace_id}-${call.run_id}`).values()
  return [...runs]
    .flatMap((run) => splitRun(run, heads))
    .map(turnOf)
    .sort((a, b) => a.startedAt - b.startedAt)
}

interface TurnCalls {
  readonly calls: readonly StoredCall[]
  /** The span of the outermost call. */
  readonly rootId: string
}

function splitRun(run: readonly StoredCall[], heads: ReadonlySet<string>): readonly TurnCalls[] {
  const starts = run.filter((call) => heads.has(callId(call)))
  const [first] = starts
  if (first === undefined) return [{ calls: run, rootId: run[0]?.run_id ?? '' }]
  const bySpan = new Map(run.map((call) => [call.span_id, call]))
  const headOf = (call: StoredCall): StoredCall => {
    const seen = new Set<StoredCall>()
    let above: StoredCall | undefined = call
    while (above !== undefined && !seen.has(above)) {
      if (starts.includes(above)) return above
      seen.add(above)
      above = above.parent_span_id === null ? undefined : bySpan.get(above.parent_span_id)
    }
    // What stands beside the runs belongs to the last one that had begun.
    return starts.findLast((start) => start.started_at <= call.started_at) ?? first
  }
  return [...Map.groupBy(run, headOf)].map(([head, calls]) => ({ calls, rootId: head.span_id }))
}

function turnOf({ calls, rootId }: TurnCalls): SessionTurn {
  const [first] = calls
  if (first === undefined) throw new Error('A turn has no calls')
  const root = calls.find((call) => call.span_id === rootId)
  const billable = calls.filter((call) => call.billable === 1)
  const answered = billable.findLast((call) => call.status === 'ok') ?? billable.at(-1)
  return {
    runId: rootId,
    traceId: first.trace_id,
    startedAt: first.started_at,
    durationMs: root?.duration_ms ?? durationOf(calls),
    question: root?.content?.question ?? known(calls.map((call) => call.content?.question)),
    answer: root?.content?.answer ?? known(billable.toReversed().map((call) => call.content?.answer)),
    model: answered?.model ?? null,
    costNanoUsd: sumOf(billable.map((call) => call.cost_nano_usd)),
    totalTokens: sumOf(billable.map((call) => call.total_tokens)),
    toolCalls: calls.filter((call) => call.kind === 'tool').map(toToolCall),
    error: errorOf(root ?? answered ?? first),
    calls: calls.map((call) => ({ ...call, content: null })),
  }
}

function toToolCall(call: StoredCall): SessionToolCall {
  return {
    id: callId(call),
    name: call.tool_name,
    arguments: call.content?.tool_arguments ?? null,
    result: call.content?.tool_result ?? null,
    durationMs: call.duration_ms,
    error: errorOf(call),
  }
}

function errorOf({ status, error_message: message, error_type: type }: StoredCall): string | null {
  return status === 'ok' || status === 'open' ? null : (message ?? type ?? status)
}

function durationOf(calls: readonly StoredCall[]): number | null {
  const ends = calls.map((call) => call.ended_at).filter((end) => end !== null)
  if (ends.length === 0) return null
  return Math.max(...ends) - Math.min(...calls.map((call) => call.started_at))
}

function known(texts: readonly (string | null | undefined)[]): string | null {
  return texts.find((text) => text !== null && text !== undefined) ?? null
}

function sumOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : known.reduce((a, b) => a + b)
}
