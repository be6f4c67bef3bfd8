import { isObject } from '../json/attribute-values.ts'
import type { JsonObject } from '../json/json.ts'
import { parseAmount } from './decimal.ts'

/** A cost reported in the response. */
export interface ReportedCost {
  readonly costNanoUsd: number
  /** `byok`: the provider bills your own key, and the gateway reports that amount. */
  readonly flags: readonly string[]
}

type Reader = (metadata: JsonObject) => ReportedCost | undefined

// Gateways first: their figure is what is paid, whichever provider is behind them.
const READERS: readonly (readonly [provider: string, read: Reader])[] = [
  ['gateway', gatewayCost],
  ['openrouter', openrouterCost],
  ['perplexity', (metadata) => reported(isObject(metadata['cost']) ? metadata['cost']['totalCost'] : undefined)],
  ['xai', (metadata) => reported(metadata['costInUsdTicks'], TICK_DECIMALS)],
]

const NANO_DECIMALS = 9
// A dollar is 10^10 ticks, so a tick is a tenth of a nano-USD.
const TICK_DECIMALS = -1

/** The cost reported in AI SDK `providerMetadata`; undefined if it is absent or invalid. */
export function costFromProviderMetadata(metadata: unknown): ReportedCost | undefined {
  if (!isObject(metadata)) return undefined
  for (const [provider, read] of READERS) {
    const part = Object.hasOwn(metadata, provider) ? metadata[provider] : undefined
    const cost = isObject(part) ? read(part) : undefined
    if (cost !== undefined) return cost
  }
  return undefined
}

// With a key of your own the gateway charges nothing, and the market cost is what the provider bills.
function gatewayCost(metadata: JsonObject): ReportedCost | undefined {
  const cost = reported(metadata['cost'])
  const market = nanoOf(metadata['marketCost'])
  if (cost?.costNanoUsd !== 0 || market === undefined || market === 0) return cost
  return { costNanoUsd: market, flags: ['byok'] }
}

// `cost` is what OpenRouter charges: everything, or with a key of your own nothing or a fee on top of the provider's
// bill. Without such a key it includes the upstream cost, which must not be added again.
function openrouterCost(metadata: JsonObject): ReportedCost | undefined {
  const usage = metadata['usage']
  if (!isObject(usage)) return undefined
  const cost = nanoOf(usage['cost'])
  if (cost === undefined) return undefined
  const details = usage['costDetails']
  const upstream = isObject(details) ? (nanoOf(details['upstreamInferenceCost']) ?? 0) : 0
  if (upstream <= cost) return { costNanoUsd: cost, flags: [] }
  const sum = cost + upstream
  return Number.isSafeInteger(sum) ? { costNanoUsd: sum, flags: ['byok'] } : undefined
}

function reported(amount: unknown, decimals = NANO_DECIMALS): ReportedCost | undefined {
  const costNanoUsd = parseAmount(amount, decimals)
  return costNanoUsd === undefined ? undefined : { costNanoUsd, flags: [] }
}

function nanoOf(amount: unknown): number | undefined {
  return parseAmount(amount, NANO_DECIMALS)
}
