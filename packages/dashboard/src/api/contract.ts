import type { Json } from './call-contract.ts'

// Times are epoch milliseconds, money is integer nano-USD. What is unknown is null, never 0.

/** How long calls took: half of them no longer than p50, and so on. */
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

/** The same for one value of a grouping. */
export interface TotalsRow extends Totals {
  readonly key: string | null
  readonly label?: string | null
}

/** The time that an answer is about. */
export interface Range {
  readonly from: number | null
  readonly to: number | null
  readonly tz: string
}

/** A piece of time; a partial one is cut by the range, or not over yet. */
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

/** What a chart of calls can show. */
export type Metric = 'costNanoUsd' | 'totalTokens' | 'calls' | 'errors'

/** Calls over time, in the buckets that the server chose. */
export interface Timeseries {
  readonly bucket: string
  readonly buckets: readonly Bucket[]
  readonly totals: readonly Totals[]
  readonly series?: { readonly [Name in Metric]: readonly Series[] }
}

/** Calls of a model that have no cost. */
export interface UnpricedModel {
  readonly provider: string | null
  readonly model: string | null
  readonly requestModel: string | null
  readonly serviceTier: string | null
  readonly reason: string | null
  readonly calls: number
  readonly lastStartedAt: number
}

/** GET /api/overview. */
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

/** GET /api/ai-usage/breakdown. */
export interface Breakdown {
  readonly range: Range
  readonly groupBy: string
  readonly rows: readonly TotalsRow[]
  readonly previous?: readonly TotalsRow[]
  readonly other?: Totals | null
}

/** Calls of a tool that failed with the same words. */
export interface ToolFailure {
  readonly message: string | null
  readonly errorType: string | null
  readonly calls: number
  readonly lastStartedAt: number
  readonly callId: string
}

/** How a tool did. */
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

/** GET /api/ai-usage/tools. */
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

/** A page of a list. */
export interface Page<Row> {
  readonly data: readonly Row[]
  readonly next: string | null
}

/** What may be spent in a period, and what is. */
export interface Budget {
  readonly id: string
  readonly name: string
  readonly scope: { readonly [filter: string]: string | null | readonly (string | null)[] }
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

/** GET /api/health. */
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

/** A price and where it stands. */
export interface PriceRow {
  readonly source: 'custom' | 'list'
  readonly provider: string
  readonly model: string
  readonly price: { readonly [name: string]: Json }
}

/** GET /api/prices. */
export interface PriceList extends Page<PriceRow> {
  readonly list: { readonly source: string; readonly version: string; readonly generated: string }
}

interface RepriceChange {
  readonly calls: number
  readonly changed: number
  readonly beforeNanoUsd: number | null
  readonly afterNanoUsd: number | null
}

/** POST /api/prices/reprice. */
export interface RepriceAnswer extends RepriceChange {
  readonly write: boolean
  readonly byModel: readonly (RepriceChange & { readonly provider: string | null; readonly model: string | null })[]
}
