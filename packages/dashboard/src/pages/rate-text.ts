import type { PriceRow } from '@spanledger/server/api'

const SHORT: Readonly<Record<string, string>> = {
  input: 'in',
  output: 'out',
  cache_read: 'cache read',
  cache_write: 'cache write',
}

/** A price in a line, such as `in $1.25 · out $10`. */
export function rateText(price: PriceRow['price']): string {
  const parts = [
    ...ratesOf(price['per_mtok']),
    ...ratesOf(price['per_unit']).map((rate) => `per ${rate}`),
    ...(typeof price['alias_of'] === 'string' ? [`as ${price['alias_of']}`] : []),
    ...(typeof price['discount'] === 'string' ? [`× ${price['discount']}`] : []),
    ...(Array.isArray(price['above']) ? ['more for long inputs'] : []),
  ]
  return parts.length === 0 ? '–' : parts.join(' · ')
}

function ratesOf(rates: unknown): readonly string[] {
  if (typeof rates !== 'object' || rates === null) return []
  return Object.entries(rates).map(
    ([name, value]: [string, unknown]) => `${SHORT[name] ?? name.replaceAll('_', ' ')} $${shownRate(value)}`,
  )
}

function shownRate(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '?'
}
