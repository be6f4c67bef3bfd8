// Providers' names for the tier of their list price.
const STANDARD = new Set([
  '',
  'default',
  'standard',
  'auto',
  'on_demand',
  'ondemand',
  'service_tier_unspecified',
  'unspecified',
])

const LONGEST_TIER = 64

/** A service tier in a uniform spelling, such as `flex`; undefined for the tier of the list price. */
export function serviceTierOf(tier: string | null | undefined): string | undefined {
  if (typeof tier !== 'string' || STANDARD.has(tier)) return undefined
  // Cut, so that processing an overlong tier stays cheap.
  const name = tier
    .slice(0, LONGEST_TIER)
    .trim()
    .toLowerCase()
    .replaceAll(/[-\s]+/g, '_')
    .replace(/^service_tier_(?!unspecified)/, '')
  return STANDARD.has(name) ? undefined : name
}
