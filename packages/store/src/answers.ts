import type { CallFilter, Grouping } from './calls/call-filter.ts'
import type { StoredCall } from './calls/call-row.ts'
import type { UsageTotals } from './sums/usage-totals.ts'

/** How wide the buckets of a time series are, in the filter's time zone; weeks start on Monday. */
export type BucketSize = '15m' | '1h' | '6h' | '1d' | '1w' | '1mo'

/** Every bucket size, the narrowest first, for whoever reads one from outside. */
export const BUCKET_SIZES: readonly BucketSize[] = ['15m', '1h', '6h', '1d', '1w', '1mo']

/** How calls are put into a time series. */
export interface TimeseriesOptions {
  /** `auto`, the default, takes the narrowest that gives at most 200 buckets. One that gives more than 2,000 is refused. */
  readonly bucket?: BucketSize | 'auto' | undefined
  readonly groupBy?: Exclude<Grouping, 'day'> | undefined
  /** How many groups stand for themselves, 1 to 100; 8 if not given. The others are added up in a last one. */
  readonly limit?: number | undefined
}

/** Calls over time. */
export interface Timeseries {
  readonly bucket: BucketSize
  /** One after the other without a gap: from the bucket of `from` (of the first call) to that of `to` (now). */
  readonly buckets: readonly TimeBucket[]
  /** One for each bucket. */
  readonly totals: readonly UsageTotals[]
  /** The groups with the highest cost in the whole range, dearest first. Missing without `groupBy`. */
  readonly groups?: readonly TimeseriesGroup[] | undefined
}

/** A stretch of time. */
export interface TimeBucket {
  /** Epoch milliseconds. */
  readonly start: number
  /** The first time after it, epoch milliseconds. */
  readonly end: number
  /** The range asked for (or the present) cuts it, so it says less than its neighbours. */
  readonly isPartial: boolean
}

/** One group over time. */
export interface TimeseriesGroup {
  readonly key: string | null
  /** All groups that do not stand for themselves, added up; its key is NULL. */
  readonly isOther?: true
  /** One for each bucket. */
  readonly totals: readonly UsageTotals[]
}

/** How the failures of tools, and their calls over time, are put together. */
export interface ToolReport {
  /** The one called most first. */
  readonly tools: readonly ToolUsage[]
  readonly overTime: ToolTimeseries
}

/** What became of the calls of one tool, and why those failed that did. */
export interface ToolUsage extends ToolStats {
  /** The most frequent first, at most 20. */
  readonly failures: readonly ToolFailure[]
}

/** What became of the calls of one tool. */
export interface ToolStats {
  readonly tool: string | null
  readonly calls: number
  readonly succeeded: number
  readonly failed: number
  /** Over the calls of which the duration is known; NULL if it is of none. */
  readonly averageDurationMs: number | null
  /** 95 of 100 calls took no longer than this; as exact as `Percentiles`. */
  readonly p95DurationMs: number | null
  /** When it was called last, epoch milliseconds; NULL if retention has taken all its calls. */
  readonly lastStartedAt: number | null
}

/** Failed calls of a tool that say the same. */
export interface ToolFailure {
  readonly message: string | null
  readonly errorType: string | null
  readonly calls: number
  /** Epoch milliseconds. */
  readonly lastStartedAt: number
  /** The last one of them. */
  readonly callId: string
}

/** Tool calls over time. */
export interface ToolTimeseries {
  readonly bucket: BucketSize
  readonly buckets: readonly TimeBucket[]
  /** Calls per tool, one number a bucket, the tool called most first; all but the first eight are added up in a last one. */
  readonly calls: readonly ToolSeries[]
  /** Calls of any tool that failed, one number a bucket. */
  readonly failures: readonly number[]
}

/** The calls of one tool over time. */
export interface ToolSeries {
  readonly key: string | null
  readonly isOther?: true
  readonly points: readonly number[]
}

/** One trace: its calls as they called each other. */
export interface Trace {
  readonly traceId: string
  readonly startedAt: number
  /** NULL if none of its calls has ended. */
  readonly endedAt: number | null
  readonly totals: UsageTotals
  /** Calls without a parent that is stored; the one that started first comes first, as among all siblings. */
  readonly roots: readonly TraceNode[]
}

/** A call of a trace, without content, and the calls it made. */
export interface TraceNode {
  readonly call: StoredCall
  readonly children: readonly TraceNode[]
}

/** What a conversation adds up to. */
export interface SessionSummary {
  readonly session: string
  /** If its calls name several, one of them. */
  readonly user: string | null
  /** As above. */
  readonly project: string | null
  /** Its outermost calls. */
  readonly turns: number
  readonly calls: number
  readonly toolCalls: number
  readonly errors: number
  readonly costNanoUsd: number | null
  readonly totalTokens: number | null
  readonly startedAt: number
  /** When its last call ended, or started where no end is known. */
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
  /** In the order of time; at most the last 1,000 calls of a session are looked at. */
  readonly turns: readonly SessionTurn[]
}

/** What an outermost call was asked and answered. */
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
  /** All calls of the turn that belong to the session, without content, in the order of their start. */
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

/** A row of the view `ai_usage_logs`: what one run came to. */
export interface UsageLog {
  readonly id: string
  readonly projectId: string | null
  readonly requestId: string | null
  readonly operation: string | null
  readonly model: string | null
  readonly provider: string | null
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  readonly totalTokens: number | null
  /** USD. */
  readonly estimatedCost: number | null
  readonly durationMs: number | null
  readonly toolCallsCount: number
  /** `[{name, arguments, result, durationMs, error}]` */
  readonly toolCallsJson: readonly unknown[]
  readonly responseMetadata: unknown
  readonly error: string | null
  /** When the first of its calls was stored, epoch milliseconds. */
  readonly createdAt: number
}

/** A page of usage logs. */
export interface UsageLogPage {
  readonly logs: readonly UsageLog[]
  readonly next?: string | undefined
}

/** Calls as they land. */
export interface LiveCalls {
  /** In the order of arrival, without content. */
  readonly calls: readonly StoredCall[]
  /** Where to go on: how far the log was looked through, whether or not it held calls of the filter. */
  readonly lastSeq: number
}

/** What a database holds. */
export interface StoreSize {
  readonly dialect: 'sqlite' | 'postgres'
  /** On disk, indexes and everything else included. */
  readonly sizeBytes: number
  readonly calls: number
  /** Epoch milliseconds; NULL if there is no call. */
  readonly firstStartedAt: number | null
  readonly lastStartedAt: number | null
  /** The place of the last call in the log; 0 if there is none. */
  readonly lastSeq: number
}

/** What a budget is counted over: the filters of calls, but for time. */
export type BudgetScope = Omit<CallFilter, 'from' | 'to' | 'tz'>
