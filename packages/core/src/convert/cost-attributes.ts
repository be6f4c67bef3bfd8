import { GEN_AI, SPANLEDGER } from '../vocabulary/attributes.ts'
import { type CallKind, LEAF_KINDS } from '../call/call-words.ts'
import type { Draft } from '../dialects/draft.ts'
import { costOfCall, isOfAISdk } from '../prices/price-call.ts'
import type { Cost, PriceBook } from '../prices/price-book.ts'
import { costFromProviderMetadata } from '../prices/provider-cost.ts'
import type { TokenUsage } from '../call/token-usage.ts'

const NANO = 1_000_000_000

/**
 * Writes the cost attributes of a provider call. The provider's own figure comes first, then the one reported on the
 * span, then the price book. `gen_ai.usage.cost` repeats the amount in USD for other backends.
 */
export function writeCost(
  to: Record<string, unknown>,
  draft: Draft,
  usage: TokenUsage,
  { prices, atMs }: { readonly prices: PriceBook | undefined; readonly atMs: number },
): void {
  if (!LEAF_KINDS.has(draft.kind)) return
  const cost = providerCost(draft) ?? reportedCost(draft) ?? listCost(draft, usage, prices, atMs)
  if (cost === undefined) return
  if (cost.costNanoUsd === null) {
    to[SPANLEDGER.costReason] = cost.reason ?? 'unknown'
  } else {
    to[GEN_AI.cost] = cost.costNanoUsd / NANO
    to[SPANLEDGER.costNanoUsd] = cost.costNanoUsd
    to[SPANLEDGER.costSource] = cost.source
  }
  if (cost.flags.length + usage.flags.length > 0)
    to[SPANLEDGER.costFlags] = [...new Set([...cost.flags, ...usage.flags])]
  if (cost.priceVersion !== null) to[SPANLEDGER.priceVersion] = cost.priceVersion
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
  // No column records this, so the flag keeps it for a later re-pricing.
  return cost.costNanoUsd === null && isOfAISdk(draft) && hidesCache(kind, usage)
    ? { ...cost, flags: ['cache_unknown'] }
    : cost
}

function hidesCache(kind: CallKind, usage: TokenUsage): boolean {
  const hidesRead = !usage.cacheKnown && usage.cacheReadTokens === undefined
  const hidesWrite = usage.cacheWriteKnown === false && usage.cacheWriteTokens === undefined
  return kind === 'model' && (usage.inputTokens ?? 0) > 0 && (hidesRead || hidesWrite)
}
