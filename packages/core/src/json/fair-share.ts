/**
 * Divides a total that is too small for all wishes: small wishes are met in full, the others get equal shares. Returns
 * that share; infinite if all wishes can be met.
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
