import type { CallKind, CostSource } from '../call/call-words.ts'
import { type CostReason, costOfUsage } from './cost-of-usage.ts'
import { createCustomPrices } from './custom-prices.ts'
import { PRICE_LIST } from './generated/list.ts'
import { toPriceFile } from './to-price-file.ts'
import type { CustomPrice, PriceFile } from './price-file.ts'
import { type PriceListIndex, createPriceListIndex } from './price-list-index.ts'
import type { ListedPrice, PriceList } from './price-list.ts'
import type { FoundPrice } from './price-at.ts'
import { type PriceQuestion, type PriceResolver, createPriceResolver } from './price-resolver.ts'
import { serviceTierOf } from './service-tier.ts'
import type { Usage } from './usage.ts'

export type { Usage } from './usage.ts'

/** A call to be priced. */
export interface PriceQuery {
  /** A well-known GenAI name, or any spelling that `toProviderName` knows. */
  readonly provider: string
  /** The model that answered. */
  readonly model: string
  /** The requested model; used for custom prices and if the answering model has no price. */
  readonly requestModel?: string | undefined
  /** Start of the call. */
  readonly atMs: number
  readonly usage: Usage
  /** As the provider named it. Tiers other than the standard one have a price only if you define one. */
  readonly serviceTier?: string | undefined
  readonly kind?: CallKind | undefined
  /** False if the usage hides whether tokens were read from a cache: the cost is then an upper bound. */
  readonly cacheKnown?: boolean | undefined
  /** False if the usage hides whether tokens were written to a cache, which costs extra. */
  readonly cacheWriteKnown?: boolean | undefined
}

/** The cost of a call. Without a cost there is a reason; with one, the flags say why it is an estimate. */
export interface Cost {
  readonly costNanoUsd: number | null
  readonly source: CostSource | null
  readonly flags: readonly string[]
  readonly reason: string | null
  /** The price used: `list@{version}+{hash}:{provider}/{model}#{from}` or `custom:{hash}#{index}`. */
  readonly priceVersion: string | null
}

/** A price and its origin. */
export interface PricedModel {
  readonly source: 'custom' | 'list'
  readonly provider: string
  readonly model: string
  readonly price: CustomPrice | ListedPrice
}

/** The price that would apply to a call. */
export interface FoundModel extends PricedModel {
  readonly priceVersion: string
}

/** The origin of the published prices. */
export type PriceListInfo = Pick<PriceList, 'source' | 'version' | 'generated' | 'sha256'>

/** Custom and published prices. */
export interface PriceBook {
  readonly list: PriceListInfo
  /** Never throws, whatever the query contains. */
  costOf(query: PriceQuery): Cost
  /** The price that would apply to a call at this time, or the reason why there is none. */
  find(query: Omit<PriceQuery, 'usage'>): FoundModel | { readonly reason: string }
  /** All prices, custom ones first. */
  entries(): readonly PricedModel[]
}

/** Options of {@link createPriceBook}. */
export interface PriceBookOptions {
  /** Custom prices. They take precedence over the list, and an earlier file over a later one. */
  readonly custom?: PriceFile | readonly PriceFile[] | undefined
  /** Replaces the published prices that ship with this package. */
  readonly list?: PriceList | undefined
}

/** Creates a price book. Throws on contradictory custom prices. Reads the list on first use. */
export function createPriceBook({ custom = [], list = PRICE_LIST }: PriceBookOptions = {}): PriceBook {
  const files = ([] as readonly PriceFile[]).concat(custom).map(toPriceFile)
  const customPrices = createCustomPrices(files)
  let index: PriceListIndex | undefined
  const listIndex = (): PriceListIndex => (index ??= createPriceListIndex(list))
  let made: PriceResolver | undefined
  const resolver = (): PriceResolver =>
    (made ??= createPriceResolver({
      list: listIndex(),
      listVersion: `list@${list.version}+${list.sha256.slice(0, 8)}`,
      custom: customPrices,
    }))
  const { source, version, generated, sha256 } = list
  return {
    list: { source, version, generated, sha256 },
    costOf: (query) => costOf(resolver(), query),
    find: (query) => find(resolver(), query),
    entries: () => [
      ...customPrices.entries.map(({ provider, price }) => ({
        source: 'custom' as const,
        provider,
        model: price.model,
        price,
      })),
      ...listIndex()
        .models()
        .flatMap(({ provider, model, prices }) =>
          prices.map((price) => ({ source: 'list' as const, provider, model, price })),
        ),
    ],
  }
}

function costOf(resolver: PriceResolver, query: PriceQuery): Cost {
  const found = resolver.resolve(questionOf(query))
  const usage = query.usage ?? {}
  if ('reason' in found) return withoutCost(hasNoNumbers(usage) ? 'no_usage' : found.reason)
  const { kind, cacheKnown, cacheWriteKnown } = query
  const cost = costOfUsage(found.compiled, usage, { kind, cacheKnown, cacheWriteKnown })
  if ('reason' in cost) return withoutCost(cost.reason)
  return {
    costNanoUsd: cost.costNanoUsd,
    source: found.source,
    flags: found.isOfRequestModel ? [...cost.flags, 'priced_by_request_model'] : cost.flags,
    reason: null,
    priceVersion: found.compiled.version,
  }
}

function find(resolver: PriceResolver, query: Omit<PriceQuery, 'usage'>): FoundModel | { readonly reason: string } {
  const found: FoundPrice | { readonly reason: CostReason } = resolver.resolve(questionOf(query))
  if ('reason' in found) return found
  const { source, provider, model, entry, compiled } = found
  return { source, provider, model, price: entry, priceVersion: compiled.version }
}

// Queries come from span attributes, so their types are not guaranteed.
function questionOf(query: Omit<PriceQuery, 'usage'>): PriceQuestion {
  const { provider, model, requestModel, serviceTier, atMs } = query
  return {
    provider: typeof provider === 'string' ? provider : '',
    model: typeof model === 'string' ? model : '',
    requestModel: typeof requestModel === 'string' && requestModel !== model ? requestModel : undefined,
    tier: serviceTierOf(serviceTier),
    // An invalid time counts as now.
    atMs: Number.isFinite(atMs) ? atMs : Number.MAX_SAFE_INTEGER,
  }
}

function hasNoNumbers(usage: Usage): boolean {
  return Object.values(usage).every(
    (count) => count === undefined || count === null || count === 0 || Number.isNaN(count),
  )
}

function withoutCost(reason: CostReason): Cost {
  return { costNanoUsd: null, source: null, flags: [], reason, priceVersion: null }
}
