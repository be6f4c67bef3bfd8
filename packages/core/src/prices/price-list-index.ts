import { type ListedPrice, type PriceList, listedPricesOf } from './price-list.ts'

/** Prices of one model, oldest first. */
export interface ListedModel {
  readonly provider: string
  readonly model: string
  readonly prices: readonly ListedPrice[]
}

/** A price list by id. A provider is parsed on first use. */
export interface PriceListIndex {
  has(provider: string): boolean
  /** The model with this id (in lower case), or the one that the id is a snapshot of. */
  find(provider: string, modelId: string): ListedModel | undefined
  /** Providers whose models this one also serves, at their prices. */
  fallbacksOf(provider: string): readonly string[]
  models(): readonly ListedModel[]
}

interface ProviderIndex {
  readonly models: readonly ListedModel[]
  readonly byId: ReadonlyMap<string, ListedModel>
  readonly byDatedId: ReadonlyMap<string, ListedModel>
}

/** Creates the index of a list. */
export function createPriceListIndex(list: PriceList): PriceListIndex {
  const providers = new Map<string, ProviderIndex>()
  const indexOf = (provider: string): ProviderIndex => {
    const known = providers.get(provider)
    if (known !== undefined) return known
    const index = indexProvider(provider, listedPricesOf(list, provider))
    providers.set(provider, index)
    return index
  }
  const has = (provider: string): boolean => Object.hasOwn(list.prices, provider)
  return {
    has,
    find: (provider, modelId) =>
      has(provider) ? findModel(indexOf(provider), modelId, provider === BEDROCK) : undefined,
    fallbacksOf: (provider) => (Object.hasOwn(list.fallbacks, provider) ? (list.fallbacks[provider] ?? []) : []),
    models: () => Object.keys(list.prices).flatMap((provider) => indexOf(provider).models),
  }
}

function indexProvider(provider: string, prices: readonly ListedPrice[]): ProviderIndex {
  const history = new Map<string, ListedPrice[]>()
  for (const price of prices) {
    const earlier = history.get(price.model)
    if (earlier === undefined) history.set(price.model, [price])
    else earlier.push(price)
  }
  const models: ListedModel[] = []
  const byId = new Map<string, ListedModel>()
  const byDatedId = new Map<string, ListedModel>()
  for (const [name, all] of history) {
    const model: ListedModel = { provider, model: name, prices: all }
    models.push(model)
    for (const price of all) {
      for (const id of price.also ?? []) byId.set(id, byId.get(id) ?? model)
      for (const id of price.dated ?? []) byDatedId.set(id, byDatedId.get(id) ?? model)
    }
  }
  // Last, so that a model keeps its own name even if another one claims it.
  for (const model of models) byId.set(model.model.toLowerCase(), model)
  return { models, byId, byDatedId }
}

const BEDROCK = 'aws.bedrock'
const VARIANT = /(?::\d+(?::\d+k)?|:latest|@latest|@default)$/
const VERSION = /-v\d+$/
const DATE = /[-@](?:\d{4}-\d{2}-\d{2}|\d{2}-\d{2}|\d{2}-\d{4}|\d{8}|\d{6}|\d{4}|\d{3})$/
const LABEL = /-(?:latest|preview|exp|experimental|beta|default)$/

// Strips what makes an id a snapshot of another, from the end: `:0`, `-v1`, `-20250929`, `-preview`. On some hosts
// `-v4` is a different model.
function findModel(index: ProviderIndex, modelId: string, hasVersions: boolean): ListedModel | undefined {
  const exact = index.byId.get(modelId) ?? index.byDatedId.get(modelId)
  if (exact !== undefined) return exact
  let id = modelId.replace(VARIANT, '')
  if (id !== modelId) {
    const found = index.byId.get(id) ?? index.byDatedId.get(id)
    if (found !== undefined) return found
  }
  for (const part of hasVersions ? [VERSION, DATE, LABEL] : [DATE, LABEL]) {
    id = id.replace(part, '')
    const found = index.byDatedId.get(id)
    if (found !== undefined) return found
  }
  return undefined
}
