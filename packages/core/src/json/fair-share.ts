/**
 * How much each of several wishes gets of a total that is too small for all: small wishes are met in full, the others
 * get the same. The answer is that same amount; it is infinite when all wishes can be met.
 */
export function fairShare(wishes: readonly number[], total: number): number {
  let rest = total
  const sorted = wishes.toSorted((a, b) => a - b)
  for (const [index, wish] of sorted.entries()) {
    const share = rest / (sorted.length - index)
    if (wish > share) return share
    rest -= wish
  }
  return Infinity
}
