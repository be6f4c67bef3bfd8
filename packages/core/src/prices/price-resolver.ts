import { type CompiledPrice, type PriceTraits, compilePrice, discountPrice } from './compile-price.ts'
import type { CostReason } from './cost-of-usage.ts'
import type { CustomEntry, CustomPrices } from './custom-prices.ts'
import { listedIdsOf, pricedProvider } from './model-ids.ts'
import type { CustomPrice } from './price-file.ts'
import { type FoundPrice, type PriceAt, pricesAt } from './price-at.ts'
import type { PriceListIndex } from './price-list-index.ts'
import { toProviderName } from '../vocabulary/provider-names.ts'

/** What determines the price of a call. */
export interface PriceQuestion {
  /** Any spelling that `toProviderName` knows. */
  readonly provider: string
  readonly model: string
  readonly requestModel: string | undefined
  readonly tier: string | undefined
  readonly atMs: number
}

/** Finds prices and remembers them. */
export interface PriceResolver {
  resolve(question: PriceQuestion): FoundPrice | { readonly reason: CostReason }
}

interface Sources {
  readonly list: PriceListIndex
  /** `list@{version}+{hash}`, the prefix of versions from the list. */
  readonly listVersion: string
  readonly custom: CustomPrices
}

interface Candidate {
  readonly fromMs: number
  readonly toMs: number
  priceAt(atMs: number): FoundPrice | undefined
}

interface Candidates {
  readonly custom: readonly Candidate[]
  readonly list: PriceAt | undefined
  /** The reason if none of the prices applies. */
  readonly reason: CostReason
}

// Enough for all models of one service. Ids come from outside, so the memory must be bounded.
const MOST_REMEMBERED = 1000
const LONGEST_ID = 512
const DEEPEST_ALIAS = 5

/** Creates a resolver over a list and custom prices. */
export function createPriceResolver(sources: Sources): PriceResolver {
  const known = new Map<string, Candidates>()
  const candidatesOf = (question: PriceQuestion): Candidates => {
    const { provider, model, requestModel = '', tier = '' } = question
    const key = `${provider}\n${model}\n${requestModel}\n${tier}`
    const before = known.get(key)
    if (before !== undefined) return before
    if (known.size >= MOST_REMEMBERED) known.clear()
    const found = findCandidates(sources, question)
    known.set(key, found)
    return found
  }
  return {
    resolve(question) {
      if (question.provider === '' || question.provider.length > LONGEST_ID) return { reason: 'unknown_provider' }
      if (question.model.length > LONGEST_ID || (question.requestModel ?? '').length > LONGEST_ID)
        return { reason: 'unknown_model' }
      const { custom, list, reason } = candidatesOf(question)
      for (const candidate of custom) {
        if (question.atMs < candidate.fromMs || question.atMs >= candidate.toMs) continue
        const price = candidate.priceAt(question.atMs)
        if (price !== undefined) return price
      }
      return list === undefined || question.tier !== undefined ? { reason } : list(question.atMs)
    },
  }
}

function findCandidates(
  sources: Sources,
  { provider: rawProvider, model, requestModel, tier }: PriceQuestion,
): Candidates {
  const { list, custom } = sources
  const provider = pricedProvider(toProviderName(rawProvider, model))
  const models = (requestModel === undefined ? [model] : [model, requestModel]).filter((id) => id !== '')
  const listed = findListed(sources, provider, models)
  const own = custom.find(provider, models, tier).map((entry) => toCandidate(sources, { entry, listed, depth: 0 }))
  const isKnown = listed !== undefined || custom.find(provider, models, undefined).length > 0
  const unknown =
    list.has(provider) || isGateway(provider) || custom.has(provider) ? 'unknown_model' : 'unknown_provider'
  return { custom: own, list: listed, reason: tier !== undefined && isKnown ? 'unpriced_tier' : unknown }
}

function isGateway(provider: string): boolean {
  return provider === 'gateway' || provider === 'vercel'
}

interface CandidateContext {
  readonly entry: CustomEntry
  /** The list price of the same model, to which a plain discount applies. */
  readonly listed: PriceAt | undefined
  readonly depth: number
}

function toCandidate(sources: Sources, { entry, listed, depth }: CandidateContext): Candidate {
  const { price, fromMs, toMs, version } = entry
  const hasRates = price.per_mtok !== undefined || price.per_unit !== undefined
  const own = hasRates ? compilePrice(price, version, customTraits(price)) : undefined
  // Resolved on first use, because aliases may point to aliases.
  let target: ((atMs: number) => CompiledPrice | undefined) | undefined
  let last: { readonly of: CompiledPrice; readonly found: FoundPrice } | undefined
  return {
    fromMs,
    toMs,
    priceAt(atMs) {
      target ??= own === undefined ? targetOf(sources, { entry, listed, depth }) : () => own
      const base = target(atMs)
      if (base === undefined) return undefined
      if (last?.of === base) return last.found
      const named = base === own ? version : `${version}=${base.version}`
      const compiled = discountPrice(base, price.discount, named)
      const { provider } = entry
      last = {
        of: base,
        found: { source: 'custom', provider, model: price.model, entry: price, compiled, isOfRequestModel: false },
      }
      return last.found
    },
  }
}

function targetOf(
  sources: Sources,
  { entry, listed, depth }: CandidateContext,
): (atMs: number) => CompiledPrice | undefined {
  const alias = entry.price.alias_of
  if (alias === undefined) return (atMs) => listed?.(atMs).compiled
  if (depth >= DEEPEST_ALIAS) return () => undefined
  const slash = alias.indexOf('/')
  const provider = pricedProvider(toProviderName(alias.slice(0, slash)))
  const models = [alias.slice(slash + 1)]
  const others = sources.custom.find(provider, models, undefined).filter((other) => other !== entry)
  const theirs = findListed(sources, provider, models)
  const candidates = others.map((other) => toCandidate(sources, { entry: other, listed: theirs, depth: depth + 1 }))
  return (atMs) => {
    const candidate = candidates.find((each) => atMs >= each.fromMs && atMs < each.toMs)
    return candidate?.priceAt(atMs)?.compiled ?? theirs?.(atMs).compiled
  }
}

function findListed(sources: Sources, provider: string, models: readonly string[]): PriceAt | undefined {
  const [model, requestModel] = models
  if (provider === 'openrouter' && model !== undefined && isFree(model, requestModel)) {
    return pricesAt(
      { provider, model, prices: [{ model, per_mtok: { input: '0', output: '0' } }] },
      { listVersion: sources.listVersion, isOfRequestModel: false },
    )
  }
  for (const { model: candidate, isOfRequestModel } of spellingsOf(provider, models)) {
    for (const { provider: seller, modelId } of listedIdsOf(provider, candidate)) {
      for (const host of [seller, ...sources.list.fallbacksOf(seller)]) {
        const found = sources.list.find(host, modelId)
        if (found !== undefined) return pricesAt(found, { listVersion: sources.listVersion, isOfRequestModel })
      }
    }
  }
  return undefined
}

// OpenRouter answers for `…:free` with or without that suffix.
function isFree(model: string, requestModel: string | undefined): boolean {
  return model.endsWith(':free') || requestModel === `${model}:free`
}

interface Spelling {
  readonly model: string
  readonly isOfRequestModel: boolean
}

// A gateway is asked for `anthropic/claude-…` and may answer with only the provider's own id.
function spellingsOf(provider: string, [model, requestModel]: readonly string[]): readonly Spelling[] {
  if (model === undefined) return []
  const answered = [{ model, isOfRequestModel: false }]
  if (requestModel === undefined) return answered
  const slash = requestModel.indexOf('/')
  const isBare = (isGateway(provider) || provider === 'openrouter') && slash > 0 && !model.includes('/')
  if (isBare) answered.push({ model: `${requestModel.slice(0, slash)}/${model}`, isOfRequestModel: false })
  return [...answered, { model: requestModel, isOfRequestModel: true }]
}

function customTraits(price: CustomPrice): PriceTraits {
  const hasHourCache = price.per_mtok?.cache_write_1h !== undefined || price.model.toLowerCase().includes('claude')
  return { isAudioAsText: false, hasHourCache, isRequestUpperBound: false }
}
