import type { StoredCall } from '../calls/call-row.ts'
import type { UsageTotals } from '../sums/usage-totals.ts'

/** The totals of a conversation. */
export interface SessionSummary {
  readonly session: string
  /** One of them if its calls have several. */
  readonly user: string | null
  /** As above. */
  readonly project: string | null
  /** The number of its outermost calls; of an operation that holds several runs together, the number of these. */
  readonly turns: number
  readonly calls: number
  readonly toolCalls: number
  readonly errors: number
  readonly costNanoUsd: number | null
  /** As in `UsageTotals`: the calls whose cost is an estimate, or not known. */
  readonly estimatedCalls: number
  readonly unpricedCalls: number
  readonly unknownUsageCalls: number
  readonly totalTokens: number | null
  readonly startedAt: number
  /** When its last call ended, or started if its end is unknown. */
  readonly endedAt: number
  readonly firstQuestion: string | null
}

/** A page of conversations. */
export interface SessionPage {
  readonly sessions: readonly SessionSummary[]
  readonly next?: string | undefined
}

/** A conversation, turn by turn. */
export interface Session {
  readonly session: string
  readonly totals: UsageTotals
  /** In order of time. Only the last 1,000 calls of a session are read. */
  readonly turns: readonly SessionTurn[]
}

/** The question and the answer of an outermost call, or of one of the runs that an operation holds together. */
export interface SessionTurn {
  readonly runId: string
  readonly traceId: string
  readonly startedAt: number
  readonly durationMs: number | null
  readonly question: string | null
  readonly answer: string | null
  readonly model: string | null
  readonly costNanoUsd: number | null
  readonly totalTokens: number | null
  readonly toolCalls: readonly SessionToolCall[]
  /** Why the turn failed. */
  readonly error: string | null
  /** The calls of the turn that belong to the session, without content, in order of their start. */
  readonly calls: readonly StoredCall[]
}

/** A tool call of a turn. */
export interface SessionToolCall {
  readonly id: string
  readonly name: string | null
  readonly arguments: unknown
  readonly result: unknown
  readonly durationMs: number | null
  readonly error: string | null
}
