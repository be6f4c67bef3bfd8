import { type AliasedRawBuilder, type RawBuilder, sql, type SqlBool } from 'kysely'
import type { SqlFunctions } from './sql-functions.ts'

/**
 * What calls add up to. A call is a billable one: exactly one per provider attempt; runs and wrappers count nothing.
 * Tokens, costs and averages are of billable calls only and NULL where none of them is known. Sums are exact up to
 * 2^53-1 and the nearest number above. Each billable call is in one of four states: exact, estimated, unpriced, or of
 * unknown usage; exact are those that are none of the other three.
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
  /** Tokens are known, the cost is not. */
  readonly unpricedCalls: number
  /** Neither tokens nor cost are known. */
  readonly unknownUsageCalls: number
  /** Billable calls that ended with an error. */
  readonly errors: number
  readonly toolCalls: number
  /** Tool calls that ended with an error. */
  readonly toolErrors: number
  readonly averageDurationMs: number | null
  readonly averageTimeToFirstTokenMs: number | null
}

/** The same for one value of a grouping. */
export interface UsageRow extends UsageTotals {
  readonly key: string | null
}

/** Sums and counts as the database gives them; two of them can be added. */
export type UsageSums = { readonly [Sum in SumName]: number }

type SumName = (typeof COUNTS)[number] | `${SummedColumn}_sum` | `${SummedColumn}_known`
type SummedColumn = (typeof SUMMED_COLUMNS)[number]

const COUNTS = [
  'calls',
  'estimated_calls',
  'unpriced_calls',
  'unknown_usage_calls',
  'errors',
  'tool_calls',
  'tool_errors',
] as const

const SUMMED_COLUMNS = [
  'input_tokens',
  'output_tokens',
  'total_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'reasoning_tokens',
  'cost_nano_usd',
  'duration_ms',
  'time_to_first_token_ms',
] as const

const USAGE_KNOWN = sql`coalesce(calls.input_tokens, calls.output_tokens, calls.total_tokens) is not null`

/** The calls that are billed and whose tokens are known, but not what they cost. */
export const UNPRICED: RawBuilder<SqlBool> = sql`calls.billable = 1 and calls.cost_nano_usd is null and ${USAGE_KNOWN}`

const CONDITIONS: { readonly [Count in (typeof COUNTS)[number]]: RawBuilder<unknown> } = {
  calls: sql`calls.billable = 1`,
  estimated_calls: sql`calls.billable = 1 and calls.cost_nano_usd is not null and calls.cost_flags <> '[]'`,
  unpriced_calls: UNPRICED,
  unknown_usage_calls: sql`calls.billable = 1 and calls.cost_nano_usd is null and not (${USAGE_KNOWN})`,
  errors: sql`calls.billable = 1 and calls.status = 'error'`,
  tool_calls: sql`calls.kind = 'tool'`,
  tool_errors: sql`calls.kind = 'tool' and calls.status = 'error'`,
}

/** What to select for `UsageSums`. */
export function usageSums(functions: SqlFunctions): AliasedRawBuilder<number, string>[] {
  const counts = COUNTS.map((name) => sql<number>`count(*) filter (where ${CONDITIONS[name]})`.as(name))
  const sums = SUMMED_COLUMNS.flatMap((name) => {
    const column = sql.ref(`calls.${name}`)
    return [
      functions.total(column, CONDITIONS.calls).as(`${name}_sum`),
      sql<number>`count(${column}) filter (where ${CONDITIONS.calls})`.as(`${name}_known`),
    ]
  })
  return [...counts, ...sums]
}

/** The sums in a row, without what else is in it. */
export function sumsOf(row: UsageSums): UsageSums {
  return mapSums((name) => row[name])
}

/** Adds up two. */
export function addSums(a: UsageSums, b: UsageSums): UsageSums {
  return mapSums((name) => a[name] + b[name])
}

/** Says what sums mean. */
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
    averageDurationMs: averageOf(sums, 'duration_ms'),
    averageTimeToFirstTokenMs: averageOf(sums, 'time_to_first_token_ms'),
  }
}

function mapSums(sum: (name: SumName) => number): UsageSums {
  const names: SumName[] = [...COUNTS, ...SUMMED_COLUMNS.flatMap((name) => [`${name}_sum`, `${name}_known`] as const)]
  return Object.fromEntries(names.map((name) => [name, sum(name)])) as UsageSums // every name is there
}

function sumOf(sums: UsageSums, column: SummedColumn): number | null {
  return sums[`${column}_known`] > 0 ? sums[`${column}_sum`] : null
}

function averageOf(sums: UsageSums, column: SummedColumn): number | null {
  const sum = sumOf(sums, column)
  return sum === null ? null : sum / sums[`${column}_known`]
}
