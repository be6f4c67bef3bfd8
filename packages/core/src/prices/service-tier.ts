// What providers call the tier that their list price is for.
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

/** A service tier in one spelling, such as `flex`; nothing for the tier of the list price. */
export function serviceTierOf(tier: string | null | undefined): string | undefined {
  if (typeof tier !== 'string' || STANDARD.has(tier)) return undefined
  // Cut, so that an endless one stays unknown rather than costly.
  const name = tier
    .slice(0, LONGEST_TIER)
    .trim()
    .toLowerCase()
    .replaceAll(/[-\s]+/g, '_')
    .replace(/^service_tier_(?!unspecified)/, '')
  return STANDARD.has(name) ? undefined : name
}
