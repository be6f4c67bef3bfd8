import type { PriceBook, PricedModel } from '@spanledger/core'

/** Finds the model with a price whose name is most like another; nothing where none is like it. */
export type FindNearest = (provider: string | null, model: string) => PricedModel | undefined

interface Candidate {
  readonly id: string
  readonly entry: PricedModel
}

// A third of a name may differ, but no more: anything is like anything else a little.
const FARTHEST = 1 / 3
const LONGEST_ID = 200

// Of one model that many sell, the price of whoever made it says most.
const MAKERS = [
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

/** Knows every model of a price book. The provider's own come first; others count where it has nothing like it. */
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
    const id = model.slice(0, LONGEST_ID).toLowerCase().split('/').at(-1) ?? ''
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
  let least = Math.floor(id.length * FARTHEST)
  for (const candidate of candidates) {
    const name = candidate.id.split('/').at(-1) ?? ''
    // Names differ in at least as many letters as in length.
    if (Math.abs(name.length - id.length) > least) continue
    const distance = editDistance(id, name)
    if (distance > least || (distance === least && best !== undefined)) continue
    best = candidate.entry
    least = distance
    if (distance === 0) break
  }
  return best
}

/** How many letters must be put in, taken out or replaced to make one text of the other. */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= other.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[other.length] ?? 0
}
