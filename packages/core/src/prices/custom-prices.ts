import { toProviderName } from '../vocabulary/provider-names.ts'
import { customIdsOf, pricedProvider } from './model-ids.ts'
import { type ModelPattern, toModelPattern } from './model-pattern.ts'
import type { CustomPrice, PriceFile } from './price-file.ts'
import { serviceTierOf } from './service-tier.ts'

/** A compiled custom price. */
export interface CustomEntry {
  readonly provider: string
  readonly price: CustomPrice
  readonly tier: string | undefined
  readonly fromMs: number
  readonly toMs: number
  /** `custom:{hash of the file}#{index in the file}` */
  readonly version: string
  readonly pattern: ModelPattern
  readonly fileIndex: number
}

/** Custom prices by model. */
export interface CustomPrices {
  readonly entries: readonly CustomEntry[]
  has(provider: string): boolean
  /** All entries that match, whatever their dates, best first. An earlier file comes before a later one. */
  find(provider: string, models: readonly string[], tier: string | undefined): readonly CustomEntry[]
}

/** Compiles price files. */
export function createCustomPrices(files: readonly PriceFile[]): CustomPrices {
  const entries = files.flatMap((file, fileIndex) => {
    const hash = hashOf(JSON.stringify(file.prices))
    return file.prices.map((price, index) => toEntry(price, { version: `custom:${hash}#${index}`, fileIndex }))
  })
  return {
    entries,
    has: (provider) => entries.some((entry) => entry.provider === provider),
    find: (provider, models, tier) => findEntries(entries, { provider, models, tier }),
  }
}

/** The start of a day in UTC, epoch milliseconds; `otherwise` if there is no day. */
export function dayMs(day: string | null | undefined, otherwise: number): number {
  return typeof day === 'string' ? Date.parse(`${day}T00:00:00Z`) : otherwise
}

function toEntry(price: CustomPrice, { version, fileIndex }: Pick<CustomEntry, 'version' | 'fileIndex'>): CustomEntry {
  return {
    provider: pricedProvider(toProviderName(price.provider)),
    price,
    tier: serviceTierOf(price.tier),
    fromMs: dayMs(price.from, -Infinity),
    toMs: dayMs(price.to, Infinity),
    version,
    pattern: toModelPattern(price.model.trim()),
    fileIndex,
  }
}

interface CustomQuery {
  readonly provider: string
  readonly models: readonly string[]
  readonly tier: string | undefined
}

function findEntries(entries: readonly CustomEntry[], { provider, models, tier }: CustomQuery): readonly CustomEntry[] {
  const ids = models.flatMap((model) => customIdsOf(provider, model))
  const matches = entries.flatMap((entry) => {
    if (entry.provider !== provider || entry.tier !== tier) return []
    const idIndex = ids.findIndex((id) => entry.pattern.matches(id))
    return idIndex === -1 ? [] : [{ entry, idIndex }]
  })
  return matches.sort((a, b) => compare(a.entry, b.entry) || a.idIndex - b.idIndex).map(({ entry }) => entry)
}

// Exact before pattern, longer pattern first, later price first.
function compare(a: CustomEntry, b: CustomEntry): number {
  if (a.fileIndex !== b.fileIndex) return a.fileIndex - b.fileIndex
  if (a.pattern.isExact !== b.pattern.isExact) return a.pattern.isExact ? -1 : 1
  if (a.pattern.weight !== b.pattern.weight) return b.pattern.weight - a.pattern.weight
  return a.fromMs === b.fromMs ? 0 : b.fromMs > a.fromMs ? 1 : -1
}

// FNV-1a: tells versions of a file apart and needs no platform API.
function hashOf(text: string): string {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return (hash >>> 0).toString(16).padStart(8, '0')
}
