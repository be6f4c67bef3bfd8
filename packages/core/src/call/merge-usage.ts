import type { Call, CallColumn } from './call.ts'
import { CALL_COLUMNS } from './column-table.ts'
import { mergedBy } from './column-names.ts'
import { COST_RANK, USAGE_RANK } from './call-words.ts'
import { compareNullable } from './merge-values.ts'

const TOKEN_COLUMNS = mergedBy(CALL_COLUMNS, 'tokens')
// A version with more tokens in all is the later one, however they are divided.
const COMPARED_TOKENS = [...new Set<CallColumn>(['total_tokens', 'output_tokens', ...TOKEN_COLUMNS])]
const COMPARED_MONEY = mergedBy(CALL_COLUMNS, 'money', 'repricing')

/**
 * The order of the tokens of two versions and of the money they cost, which are kept as a whole: the better source, then
 * the one that knows more, then the greater counts, since a later count is never smaller. For equal tokens the answer's
 * own price comes first, then the latest re-pricing. Tokens and money never mix, so the cost is always the cost of
 * the tokens beside it.
 */
export function compareUsage(a: Call, b: Call): number {
  return (
    USAGE_RANK[a.usage_source] - USAGE_RANK[b.usage_source] ||
    knownTokens(a) - knownTokens(b) ||
    compareColumns(a, b, COMPARED_TOKENS) ||
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
    compareColumns(a, b, COMPARED_MONEY)
  )
}

function costRank(call: Call): number {
  return call.cost_source === null ? 0 : COST_RANK[call.cost_source]
}

function compareColumns(a: Call, b: Call, columns: readonly CallColumn[]): number {
  for (const column of columns) {
    const order = compareNullable(a[column], b[column])
    if (order !== 0) return order
  }
  return 0
}
