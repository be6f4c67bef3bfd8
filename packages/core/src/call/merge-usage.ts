import { type Call, type CostSource, type UsageSource } from './call.ts'
import { compareNullable } from './merge-values.ts'

const USAGE_RANK: Readonly<Record<UsageSource, number>> = {
  none: 0,
  reported: 1,
  span: 2,
  observed: 3,
  provider_metadata: 4,
}

const COST_RANK: Readonly<Record<CostSource, number>> = { reported: 1, list: 2, custom: 3, provider: 4 }

const TOKEN_COLUMNS = [
  'total_tokens',
  'output_tokens',
  'input_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'reasoning_tokens',
  'usage_details',
  'service_tier',
] as const

const MONEY_COLUMNS = [
  'cost_nano_usd',
  'cost_source',
  'cost_flags',
  'cost_reason',
  'price_version',
  'previous_cost_nano_usd',
] as const

/** The tokens of a call and the money they cost. */
export type UsageColumns = Pick<
  Call,
  'usage_source' | 'repriced_at' | (typeof TOKEN_COLUMNS)[number] | (typeof MONEY_COLUMNS)[number]
>

/**
 * The usage of the better of two versions, whole: the better source, then the one that knows more, then the greater
 * counts, since a later count is never smaller. For equal tokens the answer's own price stands above all, then the
 * latest re-pricing. Tokens and money never mix, so the cost is always the cost of the tokens beside it.
 */
export function mergeUsage(a: Call, b: Call): UsageColumns {
  return usageOf(compareUsage(a, b) < 0 ? b : a)
}

function compareUsage(a: Call, b: Call): number {
  return (
    USAGE_RANK[a.usage_source] - USAGE_RANK[b.usage_source] ||
    knownTokens(a) - knownTokens(b) ||
    compareColumns(a, b, TOKEN_COLUMNS) ||
    compareMoney(a, b)
  )
}

function knownTokens(call: Call): number {
  return TOKEN_COLUMNS.filter((column) => call[column] !== null).length
}

function compareMoney(a: Call, b: Call): number {
  return (
    Number(a.cost_source === 'provider') - Number(b.cost_source === 'provider') ||
    compareNullable(a.repriced_at, b.repriced_at) ||
    Number(a.cost_nano_usd !== null) - Number(b.cost_nano_usd !== null) ||
    costRank(a) - costRank(b) ||
    compareColumns(a, b, MONEY_COLUMNS)
  )
}

function costRank(call: Call): number {
  return call.cost_source === null ? 0 : COST_RANK[call.cost_source]
}

function compareColumns(a: Call, b: Call, columns: readonly (keyof UsageColumns)[]): number {
  for (const column of columns) {
    const order = compareNullable(a[column], b[column])
    if (order !== 0) return order
  }
  return 0
}

function usageOf(call: Call): UsageColumns {
  return {
    input_tokens: call.input_tokens,
    output_tokens: call.output_tokens,
    total_tokens: call.total_tokens,
    cache_read_tokens: call.cache_read_tokens,
    cache_write_tokens: call.cache_write_tokens,
    reasoning_tokens: call.reasoning_tokens,
    usage_details: call.usage_details,
    service_tier: call.service_tier,
    usage_source: call.usage_source,
    cost_nano_usd: call.cost_nano_usd,
    cost_source: call.cost_source,
    cost_flags: call.cost_flags,
    cost_reason: call.cost_reason,
    price_version: call.price_version,
    previous_cost_nano_usd: call.previous_cost_nano_usd,
    repriced_at: call.repriced_at,
  }
}
