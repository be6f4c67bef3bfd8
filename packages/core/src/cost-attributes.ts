import { GEN_AI, SPANLEDGER } from './attributes.ts'
import { type CallKind, LEAF_KINDS } from './call.ts'
import type { Draft } from './draft.ts'
import { costOfCall } from './price-call.ts'
import type { Cost, PriceBook } from './prices/price-book.ts'
import { costFromProviderMetadata } from './prices/provider-cost.ts'
import type { TokenUsage } from './token-usage.ts'

const NANO = 1_000_000_000

/**
 * The money attributes of a provider call: the answer's own figure first, then that of whoever made the span,
 * then the price book.
 * `gen_ai.usage.cost` is the same amount in USD, for other backends.
 */
export function costAttributes(
  draft: Draft,
  usage: TokenUsage,
  prices: PriceBook | undefined,
  atMs: number,
): Record<string, unknown> {
  if (!LEAF_KINDS.has(draft.kind)) return {}
  const cost = providerCost(draft) ?? reportedCost(draft) ?? listCost(draft, usage, prices, atMs)
  if (cost === undefined) return {}
  const flags = [...new Set([...cost.flags, ...usage.flags])]
  return {
    ...(cost.costNanoUsd === null
      ? { [SPANLEDGER.costReason]: cost.reason ?? 'unknown' }
      : {
          [GEN_AI.cost]: cost.costNanoUsd / NANO,
          [SPANLEDGER.costNanoUsd]: cost.costNanoUsd,
          [SPANLEDGER.costSource]: cost.source,
        }),
    ...(flags.length > 0 ? { [SPANLEDGER.costFlags]: flags } : {}),
    ...(cost.priceVersion === null ? {} : { [SPANLEDGER.priceVersion]: cost.priceVersion }),
  }
}

function providerCost(draft: Draft): Cost | undefined {
  const named = costFromProviderMetadata(draft.responseMetadata)
  return named === undefined ? undefined : { ...named, source: 'provider', reason: null, priceVersion: null }
}

function reportedCost(draft: Draft): Cost | undefined {
  const costNanoUsd = Math.round((draft.reportedCostUsd ?? -1) * NANO)
  if (!Number.isSafeInteger(costNanoUsd) || costNanoUsd < 0) return undefined
  return { costNanoUsd, source: 'reported', flags: [], reason: null, priceVersion: null }
}

function listCost(draft: Draft, usage: TokenUsage, prices: PriceBook | undefined, atMs: number): Cost | undefined {
  if (prices === undefined) return undefined
  const { kind, provider, requestModel } = draft
  const model = draft.responseModel ?? requestModel
  const cost = costOfCall({ kind, provider, model, requestModel, startedAt: atMs, usage }, prices)
  // A price that comes later must know too.
  return cost.costNanoUsd === null && hidesCache(kind, usage) ? { ...cost, flags: ['cache_unknown'] } : cost
}

function hidesCache(
  kind: CallKind,
  { cacheKnown, inputTokens, cacheReadTokens, cacheWriteTokens }: TokenUsage,
): boolean {
  const isTold = cacheKnown || cacheReadTokens !== undefined || cacheWriteTokens !== undefined
  return kind === 'model' && inputTokens !== undefined && !isTold
}
