import { isRepriceable } from './repriceable.ts'
import { numberOf } from '../json/attribute-values.ts'
import type { Call } from '../call/call.ts'
import type { CallKind } from '../call/call-words.ts'
import type { Cost, PriceBook, Usage } from './price-book.ts'
import type { TokenUsage } from '../call/token-usage.ts'

/** What determines the cost of a provider call. */
export interface CallToPrice {
  readonly kind: CallKind
  readonly provider: string | undefined
  /** The answering model; the requested one if the answer names none. */
  readonly model: string | undefined
  readonly requestModel: string | undefined
  /** Start of the call in epoch milliseconds. */
  readonly startedAt: number
  readonly usage: TokenUsage
}

/** The cost of a call at the prices of a book. All price queries for calls are made here. */
export function costOfCall(call: CallToPrice, prices: PriceBook): Cost {
  const { kind, provider, model, requestModel, startedAt, usage } = call
  if (usage.source === 'none') return unknownCost('no_usage')
  if (provider === undefined) return unknownCost('unknown_provider')
  if (model === undefined) return unknownCost('unknown_model')
  return prices.costOf({
    provider,
    model,
    requestModel,
    atMs: startedAt,
    usage: usageOf(usage),
    serviceTier: usage.serviceTier,
    kind,
    cacheKnown: usage.cacheKnown,
    cacheWriteKnown: usage.cacheWriteKnown,
  })
}

/**
 * The cost of a stored call at the prices of a book, whatever the source of its stored cost. Equals what the conversion
 * of its span computes with the same prices. The flags include those of the usage itself.
 */
export function priceCall(call: Call, prices: PriceBook): Cost {
  const cost = costOfCall(
    {
      // A billable run stands for unrecorded model calls.
      kind: call.kind === 'run' ? 'model' : call.kind,
      provider: call.provider ?? undefined,
      model: call.model ?? undefined,
      requestModel: call.request_model ?? undefined,
      startedAt: call.started_at,
      usage: usageOfCall(call),
    },
    prices,
  )
  return { ...cost, flags: [...new Set([...cost.flags, ...usageFlagsOf(call)])] }
}

/**
 * Re-prices a stored call and keeps its old cost beside the new one. Returns the same object if nothing changes. Calls
 * that are not billable stay unchanged, and so do those whose cost was reported by the provider or the instrumentation.
 * `at` is the time of the re-pricing in epoch milliseconds.
 */
export function repriceCall(call: Call, prices: PriceBook, at: number): Call {
  if (call.usage_source === 'none' || !isRepriceable(call)) return call
  const cost = priceCall(call, prices)
  const money = {
    cost_nano_usd: cost.costNanoUsd,
    cost_source: cost.source,
    cost_flags: cost.flags.length === 0 ? null : cost.flags,
    cost_reason: cost.reason,
  }
  if (isSameMoney(call, money)) return call
  const isSameCost = money.cost_nano_usd === call.cost_nano_usd
  return {
    ...call,
    ...money,
    price_version: cost.priceVersion,
    previous_cost_nano_usd: isSameCost ? call.previous_cost_nano_usd : call.cost_nano_usd,
    repriced_at: at,
  }
}

type Money = Pick<Call, 'cost_nano_usd' | 'cost_source' | 'cost_flags' | 'cost_reason'>

// The version does not count: a newer list with the same rate, or a new price elsewhere, does not change the call.
function isSameMoney(a: Money, b: Money): boolean {
  const flags = (money: Money): string => [...(money.cost_flags ?? [])].sort().join()
  return (
    a.cost_nano_usd === b.cost_nano_usd &&
    a.cost_source === b.cost_source &&
    a.cost_reason === b.cost_reason &&
    flags(a) === flags(b)
  )
}

function unknownCost(reason: string): Cost {
  return { costNanoUsd: null, source: null, flags: [], reason, priceVersion: null }
}

function usageOf(usage: TokenUsage): Usage {
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

function usageOfCall(call: Call): TokenUsage {
  return {
    inputTokens: call.input_tokens ?? undefined,
    outputTokens: call.output_tokens ?? undefined,
    cacheReadTokens: call.cache_read_tokens ?? undefined,
    cacheWriteTokens: call.cache_write_tokens ?? undefined,
    reasoningTokens: call.reasoning_tokens ?? undefined,
    details: call.usage_details ?? undefined,
    serviceTier: call.service_tier ?? undefined,
    source: call.usage_source,
    ...knownCache(call),
    flags: usageFlagsOf(call),
  }
}

const CACHE_UNKNOWN = 'cache_unknown'

// Flags that come from the price. All others come from the usage and hold for any price.
const PRICE_FLAGS = /^(?:assumed_5m|assumed_request_fee|cache_at_input_rate|priced_by_request_model|.*_not_metered)$/

function usageFlagsOf(call: Call): readonly string[] {
  return (call.cost_flags ?? []).filter(
    (flag) => !PRICE_FLAGS.test(flag) && (flag !== CACHE_UNKNOWN || isOfAISdk(call)),
  )
}

// Most instrumentations report cached tokens or leave them unknown. On some AI SDK spans a missing count means zero, on
// others it is hidden. No column records which, so the flag does.
function knownCache(call: Call): Pick<TokenUsage, 'cacheKnown' | 'cacheWriteKnown'> {
  const tellsRead = call.cache_read_tokens !== null
  const tellsWrite = call.cache_write_tokens !== null
  if (!isOfAISdk(call)) return { cacheKnown: tellsRead, cacheWriteKnown: tellsRead || tellsWrite }
  const wasPriced = call.cost_nano_usd !== null || call.cost_reason !== null
  const hidesNone = wasPriced && !(call.cost_flags ?? []).includes(CACHE_UNKNOWN)
  return { cacheKnown: tellsRead || hidesNone, cacheWriteKnown: tellsWrite || hidesNone }
}

/** Whether the AI SDK itself reported a call. */
export function isOfAISdk({ sdk }: { readonly sdk?: string | null | undefined }): boolean {
  return sdk === 'ai' || sdk === 'ai-legacy'
}
