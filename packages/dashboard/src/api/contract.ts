/** Times are epoch milliseconds, money is integer nano-USD. What is unknown is null, never 0. */
export interface Percentiles {
  readonly p50Ms: number
  readonly p90Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
}

/** What calls add up to; only billable ones count. */
export interface Totals {
  readonly calls: number
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  readonly totalTokens: number | null
  readonly cacheReadTokens: number | null
  readonly cacheWriteTokens: number | null
  readonly reasoningTokens: number | null
  readonly costNanoUsd: number | null
  readonly estimatedCalls: number
  readonly unpricedCalls: number
  readonly unknownUsageCalls: number
  readonly errors: number
  readonly toolCalls: number
  readonly toolErrors: number
  readonly averageDurationMs: number | null
  readonly averageTimeToFirstTokenMs: number | null
  readonly openCalls?: number
  readonly duration?: Percentiles | null
  readonly timeToFirstToken?: Percentiles | null
}

export interface TotalsRow extends Totals {
  readonly key: string | null
  readonly label?: string | null
}

export interface Range {
  readonly from: number | null
  readonly to: number | null
  readonly tz: string
}

export interface Bucket {
  readonly start: number
  readonly end: number
  readonly isPartial: boolean
}

/** One line of a chart: a point per bucket. */
export interface Series {
  readonly key: string | null
  readonly label?: string
  readonly isOther?: boolean
  readonly points: readonly (number | null)[]
}

export type Metric = 'costNanoUsd' | 'totalTokens' | 'calls' | 'errors'

export interface Timeseries {
  readonly bucket: string
  readonly buckets: readonly Bucket[]
  readonly totals: readonly Totals[]
  readonly series?: { readonly [Name in Metric]: readonly Series[] }
}

export interface UnpricedModel {
  readonly provider: string | null
  readonly model: string | null
  readonly requestModel: string | null
  readonly serviceTier: string | null
  readonly reason: string | null
  readonly calls: number
  readonly lastStartedAt: number
}

export interface Overview {
  readonly range: Range
  readonly totals: Totals
  readonly previous: Totals | null
  readonly timeseries: Timeseries
  readonly top: {
    readonly models: readonly TotalsRow[]
    readonly operations: readonly TotalsRow[]
    readonly projects: readonly TotalsRow[]
    readonly users: readonly TotalsRow[]
    readonly tags: readonly TotalsRow[]
  }
  readonly unpricedModels: readonly UnpricedModel[]
  readonly openCalls: number
  readonly isDemoData: boolean
  readonly isEmpty: boolean
}

export interface Breakdown {
  readonly range: Range
  readonly groupBy: string
  readonly rows: readonly TotalsRow[]
  readonly previous?: readonly TotalsRow[]
  readonly other?: Totals | null
}

export interface ToolFailure {
  readonly message: string | null
  readonly errorType: string | null
  readonly calls: number
  readonly lastStartedAt: number
  readonly callId: string
}

export interface ToolRow {
  readonly tool: string | null
  readonly calls: number
  readonly succeeded: number
  readonly failed: number
  readonly successRate: number | null
  readonly averageDurationMs: number | null
  readonly p95DurationMs: number | null
  readonly lastStartedAt: number | null
  readonly failures: readonly ToolFailure[]
}

export interface ToolUsage {
  readonly range: Range
  readonly tools: readonly ToolRow[]
  readonly overTime: {
    readonly bucket: string
    readonly buckets: readonly Bucket[]
    readonly series: readonly Series[]
    readonly failures: Series
  }
}

export interface Page<Row> {
  readonly data: readonly Row[]
  readonly next: string | null
}

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
  readonly messages: { readonly input: Json; readonly output: Json } | null
  readonly answer: string | null
  readonly toolDefinitions: Json
  readonly arguments: Json
  readonly result: Json
  readonly lengths: { readonly [name: string]: Json } | null
}

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

export interface TraceNode {
  readonly call: CallRow
  readonly children: readonly TraceNode[]
}

export interface Trace {
  readonly traceId: string
  readonly startedAt: number
  readonly endedAt: number | null
  readonly totals: Totals
  readonly root: readonly TraceNode[]
}

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

export interface TurnTool {
  readonly id: string
  readonly name: string | null
  readonly arguments: Json
  readonly result: Json
  readonly durationMs: number | null
  readonly error: string | null
}

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

export interface SessionDetail {
  readonly session: string
  readonly totals: Totals
  readonly turns: readonly Turn[]
}

export interface Budget {
  readonly id: string
  readonly name: string
  readonly scope: { readonly [filter: string]: string }
  readonly period: 'day' | 'week' | 'month'
  readonly tz: string
  readonly limitUsd: number
  readonly webhookUrl?: string | null
  readonly createdAt: number
  readonly state: {
    readonly spentNanoUsd: number | null
    readonly percent: number | null
    readonly periodStart: number
    readonly periodEnd: number
    readonly lastWarning: number | null
  }
}

export interface Health {
  readonly version: string
  readonly database: { readonly dialect: string; readonly sizeBytes: number | null; readonly calls: number | null }
  readonly ingest: {
    readonly lastSpanAt: number | null
    readonly lastRejection: { readonly at: number; readonly reason: string; readonly from: string | null } | null
    readonly received: number
    readonly stored: number
    readonly deduplicated: number
    readonly rejected: { readonly [reason: string]: number }
    readonly dropped: { readonly [reason: string]: number }
    readonly lagMs: number | null
  }
  readonly journal: { readonly [name: string]: Json } | null
  readonly jaegerUrl: string | null
  readonly isDemoData: boolean
}

export interface PriceRow {
  readonly source: 'custom' | 'list'
  readonly provider: string
  readonly model: string
  readonly price: { readonly [name: string]: Json }
}

export interface PriceList extends Page<PriceRow> {
  readonly list: { readonly source: string; readonly version: string; readonly generated: string }
}

interface RepriceChange {
  readonly calls: number
  readonly changed: number
  readonly beforeNanoUsd: number | null
  readonly afterNanoUsd: number | null
}

export interface RepriceAnswer extends RepriceChange {
  readonly write: boolean
  readonly byModel: readonly (RepriceChange & { readonly provider: string | null; readonly model: string | null })[]
}
