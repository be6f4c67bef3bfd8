import type { Totals } from './contract.ts'

/** A value of a JSON column. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** One AI call; the columns of the ledger that the page names. */
export interface CallRow {
  readonly id: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | null
  readonly runId: string
  readonly kind: string
  readonly billable: number | boolean
  readonly operation: string | null
  readonly callType: string | null
  readonly name: string | null
  readonly projectId: string | null
  readonly userId: string | null
  readonly sessionId: string | null
  readonly companyId: string | null
  readonly taskId: string | null
  readonly tags: readonly string[] | null
  readonly provider: string | null
  readonly model: string | null
  readonly requestModel: string | null
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  readonly totalTokens: number | null
  readonly cacheReadTokens: number | null
  readonly cacheWriteTokens: number | null
  readonly reasoningTokens: number | null
  readonly usageSource: string
  readonly serviceTier: string | null
  readonly costNanoUsd: number | null
  readonly costSource: string | null
  readonly costFlags: readonly string[] | null
  readonly costReason: string | null
  readonly priceVersion: string | null
  readonly startedAt: number
  readonly endedAt: number | null
  readonly durationMs: number | null
  readonly timeToFirstTokenMs: number | null
  readonly toolName: string | null
  readonly status: string
  readonly errorType: string | null
  readonly errorMessage: string | null
  readonly httpStatus: number | null
  readonly streaming: number | boolean | null
  readonly finishReason: string | null
}

/** What was said, as far as the content policy kept it. */
export interface CallContent {
  readonly question: string | null
  readonly systemPrompt: string | null
  readonly messages: { readonly input?: Json; readonly output?: Json } | null
  readonly answer: string | null
  readonly toolDefinitions?: Json
  readonly arguments?: Json
  readonly result?: Json
  readonly lengths: { readonly [name: string]: Json } | null
}

/** GET /api/calls/:id. */
export interface CallDetail {
  readonly call: CallRow & { readonly content: CallContent | null }
  /** The price that the call had, or would have now. */
  readonly price: {
    readonly source: 'custom' | 'list'
    readonly provider: string
    readonly model: string
    readonly version: string
    readonly price: { readonly [name: string]: Json }
  } | null
}

/** A call and what it called. */
export interface TraceNode {
  readonly call: CallRow
  readonly children: readonly TraceNode[]
}

/** GET /api/traces/:traceId. */
export interface Trace {
  readonly traceId: string
  readonly startedAt: number
  readonly endedAt: number | null
  readonly totals: Totals
  readonly root: readonly TraceNode[]
}

/** A row of GET /api/sessions. */
export interface SessionRow {
  readonly session: string
  readonly user: string | null
  readonly project: string | null
  readonly turns: number
  readonly calls: number
  readonly toolCalls: number
  readonly errors: number
  readonly costNanoUsd: number | null
  readonly totalTokens: number | null
  readonly startedAt: number
  readonly endedAt: number | null
  readonly firstQuestion: string | null
}

/** A tool that was called in a turn. */
export interface TurnTool {
  readonly id: string
  readonly name: string | null
  readonly arguments?: Json
  readonly result?: Json
  readonly durationMs: number | null
  readonly error: string | null
}

/** A question, and how it was answered. */
export interface Turn {
  readonly runId: string
  readonly traceId: string
  readonly startedAt: number
  readonly durationMs: number | null
  readonly question: string | null
  readonly answer: string | null
  readonly model: string | null
  readonly costNanoUsd: number | null
  readonly totalTokens: number | null
  readonly toolCalls: readonly TurnTool[]
  readonly error: string | null
  readonly calls: readonly CallRow[]
}

/** GET /api/sessions/:id. */
export interface SessionDetail {
  readonly session: string
  readonly totals: Totals
  readonly turns: readonly Turn[]
}
