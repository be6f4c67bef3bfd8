import type { PriceBook, PricedModel } from '@spanledger/core'
import { editDistance } from '../edit-distance.ts'

/** Finds the model with a price that has the most similar name; undefined if no name is similar. */
export type FindNearest = (provider: string | null, model: string) => PricedModel | undefined

interface Candidate {
  readonly id: string
  readonly entry: PricedModel
}

// At most a third of a name may differ: beyond that, any name is a little like any other.
const MAX_DIFFERENCE = 1 / 3
const MAX_ID_LENGTH = 200

/** Providers that make models. If many providers sell a model, the price of its maker is the most useful. */
export const MAKERS: readonly string[] = [
  'openai',
  'anthropic',
  'gcp.gemini',
  'mistral_ai',
  'x_ai',
  'deepseek',
  'cohere',
  'moonshot_ai',
  'voyage',
]

/** Searches the models of a price book: those of the provider first, then those of all others. */
export function createFindNearest(book: PriceBook): FindNearest {
  const byProvider = new Map<string, Candidate[]>()
  for (const entry of book.entries()) {
    const candidates = byProvider.get(entry.provider) ?? []
    byProvider.set(entry.provider, candidates)
    const { price } = entry
    const others = 'also' in price ? (price.also ?? []) : []
    for (const id of [entry.model, ...others]) candidates.push({ id: id.toLowerCase(), entry })
  }
  const sellers = [...new Set([...MAKERS, ...byProvider.keys()])]
  return (provider, model) => {
    const id = model.slice(0, MAX_ID_LENGTH).toLowerCase().split('/').at(-1) ?? ''
    const own = provider === null ? [] : (byProvider.get(provider) ?? [])
    return (
      nearest(id, own) ??
      nearest(
        id,
        sellers.flatMap((seller) => byProvider.get(seller) ?? []),
      )
    )
  }
}

function nearest(id: string, candidates: readonly Candidate[]): PricedModel | undefined {
  let best: PricedModel | undefined
  let least = Math.floor(id.length * MAX_DIFFERENCE)
  for (const candidate of candidates) {
    const name = candidate.id.split('/').at(-1) ?? ''
    // The difference in length is a lower bound of the edit distance.
    if (Math.abs(name.length - id.length) > least) continue
    const distance = editDistance(id, name)
    if (distance > least || (distance === least && best !== undefined)) continue
    best = candidate.entry
    least = distance
    if (distance === 0) break
  }
  return best
}
