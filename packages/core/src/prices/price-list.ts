import { isObject } from '../json/attribute-values.ts'
import { type Fail, checkPrice, checkText, refuseUnknown } from './check-price.ts'
import type { Price } from './price-file.ts'

/** A published price. Later entries of a model hold from their `from` on, or in their `hours`, and win. */
export interface ListedPrice extends Price {
  readonly model: string
  /** More ids of the same model. On the first entry of a model only. */
  readonly also?: readonly string[]
  /** Ids that may go on with a snapshot: a date, `-latest`, `-preview`, `-v1:0`. On the first entry of a model only. */
  readonly dated?: readonly string[]
  /** Hours of the day in UTC, such as `00:30-16:30`. */
  readonly hours?: string
  /** Shortest time that is billed. */
  readonly min_seconds?: number
  /** What the provider bills besides and no usage here tells, such as `output_video`: flagged as `…_not_metered`. */
  readonly not_metered?: readonly string[]
}

/** Published prices of many providers, dated and signed. Made by `scripts/generate-prices.ts`; never edited by hand. */
export interface PriceList {
  /** Where the prices come from, and its version. */
  readonly source: string
  readonly version: string
  /** Day on which the list was made. */
  readonly generated: string
  /** SHA-256 of what {@link priceListText} gives, in hex. */
  readonly sha256: string
  /** Providers that also serve the models of others at the others' prices. */
  readonly fallbacks: Readonly<Record<string, readonly string[]>>
  /** Prices by provider name; a string is the JSON text of the array, read when the provider is first asked for. */
  readonly prices: Readonly<Record<string, string | readonly ListedPrice[]>>
}

const LISTED_FIELDS = [
  'model',
  'also',
  'dated',
  'from',
  'hours',
  'per_mtok',
  'above',
  'per_unit',
  'min_seconds',
  'not_metered',
] as const

/** The prices of one provider; none for one that the list does not know. */
export function listedPricesOf(list: PriceList, provider: string): readonly ListedPrice[] {
  if (!Object.hasOwn(list.prices, provider)) return []
  const prices = list.prices[provider] ?? []
  return typeof prices === 'string' ? (JSON.parse(prices) as readonly ListedPrice[]) : prices // checked when it was made
}

/** The text whose SHA-256 signs a list: fallbacks and prices as JSON, whatever the layout of the file. */
export function priceListText(list: Pick<PriceList, 'fallbacks' | 'prices'>): string {
  const providers = Object.keys(list.prices)
  const prices = providers.map((provider) => [provider, listedPricesOf(list as PriceList, provider)]) // reads `prices` only
  return JSON.stringify({ fallbacks: list.fallbacks, prices: Object.fromEntries(prices) })
}

/** Reads a list that was saved as JSON. Throws an Error that names the field. */
export function parsePriceList(text: string, fileName = 'price list'): PriceList {
  const fail: Fail = (path, message) => {
    throw new Error(`${fileName}: ${path.join('.')}: ${message}`)
  }
  const list: unknown = JSON.parse(text)
  if (!isObject(list)) return fail([], 'expected an object')
  for (const field of ['source', 'version', 'generated', 'sha256']) checkText(list[field], [field], fail)
  const { fallbacks, prices } = list
  if (!isObject(fallbacks) || !Object.values(fallbacks).every(isTexts))
    return fail(['fallbacks'], 'expected provider names by provider name')
  if (!isObject(prices)) return fail(['prices'], 'expected prices by provider name')
  for (const [provider, entries] of Object.entries(prices)) {
    if (!Array.isArray(entries)) return fail(['prices', provider], 'expected an array')
    entries.forEach((entry: unknown, index) => checkListed(entry, ['prices', provider, index], fail))
  }
  return list as unknown as PriceList // every field was looked at above
}

function checkListed(entry: unknown, path: readonly (string | number)[], fail: Fail): void {
  if (!isObject(entry)) return fail(path, 'expected an object')
  refuseUnknown(entry, { known: LISTED_FIELDS, path, fail })
  checkText(entry['model'], [...path, 'model'], fail)
  for (const field of ['also', 'dated', 'not_metered']) {
    if (entry[field] !== undefined && !isTexts(entry[field])) fail([...path, field], 'expected an array of strings')
  }
  const { hours } = entry
  if (hours !== undefined && !(typeof hours === 'string' && /^\d\d:\d\d-\d\d:\d\d$/.test(hours))) {
    fail([...path, 'hours'], 'write 00:30-16:30')
  }
  checkPrice(entry, path, fail)
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
