/** A document's place in the list that was sent, and how well it fits. */
export interface RankedDocument {
  readonly index: number
  readonly score: number
}

/** Documents that share more words with the query first, the same way every time; at most `limit`. */
export function rankingOf(
  query: string,
  documents: readonly string[],
  limit = documents.length,
): readonly RankedDocument[] {
  const asked = wordsOf(query)
  const shared = documents.map((document) => [...wordsOf(document)].filter((word) => asked.has(word)).length)
  return documents
    .map((_, index) => ({ index, score: Math.round((1 - 1 / (2 + (shared[index] ?? 0)) - index / 1e4) * 1e4) / 1e4 }))
    .sort((a, b) => b.score - a.score)
    .slice(0, limit)
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.toLowerCase().match(/\w+/g) ?? [])
}
