import { callId } from '@spanledger/core'
import type { SessionToolCall, SessionTurn } from './session.ts'
import type { StoredCall } from '../calls/call-row.ts'

/** The turns of a session, from its calls with content, in order of time. */
export function turnsOf(calls: readonly StoredCall[]): SessionTurn[] {
  return [...Map.groupBy(calls, (call) => `${call.trace_id}-${call.run_id}`).values()].map(turnOf)
}

function turnOf(calls: StoredCall[]): SessionTurn {
  const [first] = calls
  if (first === undefined) throw new Error('A turn has no calls')
  const root = calls.find((call) => call.span_id === call.run_id)
  const billable = calls.filter((call) => call.billable === 1)
  const answered = billable.findLast((call) => call.status === 'ok') ?? billable.at(-1)
  return {
    runId: first.run_id,
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
