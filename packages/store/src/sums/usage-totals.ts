import type { Percentiles } from './histogram.ts'
import { SUM_NAMES, type SummedColumn, type UsageSums } from './usage-sums.ts'

/**
 * The totals of calls. Only billable calls count, exactly one per provider attempt; runs and wrappers do not. Tokens, costs
 * and averages are NULL if all their values are unknown. Sums are exact up to 2^53-1 and rounded above. Each billable call
 * is in one of four states: exact, estimated, unpriced, or of unknown usage; exact calls are the rest of `calls`.
 */
export interface UsageTotals {
  readonly calls: number
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  readonly totalTokens: number | null
  readonly cacheReadTokens: number | null
  readonly cacheWriteTokens: number | null
  readonly reasoningTokens: number | null
  readonly costNanoUsd: number | null
  /** The cost is known, and flagged as an estimate. */
  readonly estimatedCalls: number
  /** Tokens are known, but the cost is not. */
  readonly unpricedCalls: number
  /** Neither tokens nor cost are known. */
  readonly unknownUsageCalls: number
  /** Billable calls that ended with an error. */
  readonly errors: number
  readonly toolCalls: number
  /** Tool calls that ended with an error. */
  readonly toolErrors: number
  /** Billable calls that have not ended. */
  readonly openCalls: number
  readonly averageDurationMs: number | null
  readonly averageTimeToFirstTokenMs: number | null
}

/** The totals of calls, with percentiles if requested; NULL if no call has a duration. */
export interface UsageSummary extends UsageTotals {
  readonly duration?: Percentiles | null
  readonly timeToFirstToken?: Percentiles | null
}

/** The totals for one value of a grouping. */
export interface UsageRow extends UsageSummary {
  readonly key: string | null
  /** All rows beyond the limit, added up; its key is NULL. */
  readonly isOther?: true
}

/** The sum of `a` and `b`. */
export function addSums(a: UsageSums, b: UsageSums): UsageSums {
  return combined(a, b, 1)
}

/** The difference `a - b`. */
export function subtractSums(a: UsageSums, b: UsageSums): UsageSums {
  return combined(a, b, -1)
}

/** Converts sums to totals. */
export function toUsageTotals(sums: UsageSums): UsageTotals {
  return {
    calls: sums.calls,
    inputTokens: sumOf(sums, 'input_tokens'),
    outputTokens: sumOf(sums, 'output_tokens'),
    totalTokens: sumOf(sums, 'total_tokens'),
    cacheReadTokens: sumOf(sums, 'cache_read_tokens'),
    cacheWriteTokens: sumOf(sums, 'cache_write_tokens'),
    reasoningTokens: sumOf(sums, 'reasoning_tokens'),
    costNanoUsd: sumOf(sums, 'cost_nano_usd'),
    estimatedCalls: sums.estimated_calls,
    unpricedCalls: sums.unpriced_calls,
    unknownUsageCalls: sums.unknown_usage_calls,
    errors: sums.errors,
    toolCalls: sums.tool_calls,
    toolErrors: sums.tool_errors,
    openCalls: sums.open_calls,
    averageDurationMs: averageMsOf(sums, 'duration'),
    averageTimeToFirstTokenMs: averageMsOf(sums, 'time_to_first_token'),
  }
}

/** The average of a duration; NULL if none is known. */
export function averageMsOf(
  sums: UsageSums,
  name: 'duration' | 'time_to_first_token' | 'tool_duration',
): number | null {
  const known = sums[`${name}_us_known`]
  return known === 0 ? null : sums[`${name}_us_sum`] / known / 1000
}

/** Sums that are all 0. */
export const NO_SUMS = Object.fromEntries(SUM_NAMES.map((name) => [name, 0])) as unknown as UsageSums // all of them

// Changes a copy, because building an object name by name takes ten times as long.
function combined(a: UsageSums, b: UsageSums, sign: 1 | -1): UsageSums {
  const sums: { -readonly [Name in keyof UsageSums]: number } = { ...a }
  for (const name of SUM_NAMES) sums[name] += sign * b[name]
  return sums
}

function sumOf(sums: UsageSums, column: SummedColumn): number | null {
  return sums[`${column}_known`] > 0 ? sums[`${column}_sum`] : null
}
