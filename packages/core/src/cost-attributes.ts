import { numberOf } from './attribute-values.ts'
import { GEN_AI, SPANLEDGER } from './attributes.ts'
import { LEAF_KINDS } from './call.ts'
import type { Draft } from './draft.ts'
import type { Cost, PriceBook, Usage } from './prices/price-book.ts'
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
  const model = draft.responseModel ?? draft.requestModel
  if (prices === undefined) return undefined
  if (usage.source === 'none') return unknownCost('no_usage')
  if (draft.provider === undefined || model === undefined)
    return unknownCost(draft.provider === undefined ? 'unknown_provider' : 'unknown_model')
  return prices.costOf({
    provider: draft.provider,
    model,
    ...(draft.requestModel === undefined ? {} : { requestModel: draft.requestModel }),
    atMs,
    usage: priceable(usage),
    ...(usage.serviceTier === undefined ? {} : { serviceTier: usage.serviceTier }),
    kind: draft.kind,
    cacheKnown: usage.cacheKnown,
  })
}

function unknownCost(reason: string): Cost {
  return { costNanoUsd: null, source: null, flags: [], reason, priceVersion: null }
}

function priceable(usage: TokenUsage): Usage {
  const details = usage.details ?? {}
  return {
    inputTokens: usage.inputTokens,
    outputTokens: usage.outputTokens,
    cacheReadTokens: usage.cacheReadTokens,
    cacheWriteTokens: usage.cacheWriteTokens,
    cacheWrite1hTokens: numberOf(details['cacheWrite1hTokens']),
    reasoningTokens: usage.reasoningTokens,
    inputAudioTokens: numberOf(details['inputAudioTokens']),
    outputAudioTokens: numberOf(details['outputAudioTokens']),
    inputImageTokens: numberOf(details['inputImageTokens']),
    outputImageTokens: numberOf(details['outputImageTokens']),
    images: numberOf(details['images']),
    searches: numberOf(details['searches']),
    characters: numberOf(details['characters']),
    seconds: numberOf(details['seconds']),
  }
}
