import { isObject } from '../json/attribute-values.ts'
import { toProviderName } from '../vocabulary/provider-names.ts'
import { idsOfMatch } from './genai-prices-match.ts'
import { TOKEN_PRICE_NAMES, type LongInputPrices, type TokenPrices, type UnitPrices } from './price-file.ts'
import type { ListedPrice, PriceList } from './price-list.ts'

/** Prices of the package `@pydantic/genai-prices`, converted to a list. */
export interface ConvertedPrices extends Pick<PriceList, 'fallbacks'> {
  readonly prices: Readonly<Record<string, readonly ListedPrice[]>>
  /** What was left out, or read more strictly than the source does; for review. */
  readonly notes: readonly string[]
}

// The source's names for token prices.
const TOKEN_NAMES: Readonly<Record<string, keyof TokenPrices>> = {
  input_mtok: 'input',
  output_mtok: 'output',
  cache_read_mtok: 'cache_read',
  cache_write_mtok: 'cache_write',
  cache_write_1h_mtok: 'cache_write_1h',
  output_reasoning_mtok: 'reasoning',
  input_audio_mtok: 'input_audio',
  output_audio_mtok: 'output_audio',
  cache_audio_read_mtok: 'cache_read_audio',
  input_image_mtok: 'input_image',
  output_image_mtok: 'output_image',
}

// The source's names for unit prices, and how many units each price covers.
const UNIT_NAMES: Readonly<Record<string, { readonly name: keyof UnitPrices; readonly per: number }>> = {
  requests_kcount: { name: 'request', per: 1000 },
  web_searches_kcount: { name: 'search', per: 1000 },
  audio_hours: { name: 'hour', per: 1 },
}

// Repeats a price above for a part of it (cached images), or prices a tool that no usage counts.
const REPEATED = new Set(['input_audio_hours', 'cache_image_read_mtok', 'storage_searches_kcount'])

// A span does not say which host Hugging Face chose, so these could never match.
const LEFT_OUT = /^huggingface_/

// Groq bills at least ten seconds of audio.
const MIN_SECONDS: ReadonlyMap<string, number> = new Map([
  ['groq/whisper-large-v3', 10],
  ['groq/whisper-large-v3-turbo', 10],
])

// Vertex AI serves the models of the Gemini API and more.
const VERTEX_FALLBACKS: Readonly<Record<string, readonly string[]>> = { 'gcp.vertex_ai': ['gcp.gemini', 'anthropic'] }

type Fields = Readonly<Record<string, unknown>>

/** Converts the providers of `@pydantic/genai-prices`. Throws on a price it does not understand. */
export function fromGenAIPrices(providers: unknown): ConvertedPrices {
  const prices: Record<string, ListedPrice[]> = {}
  const fallbacks: Record<string, readonly string[]> = { ...VERTEX_FALLBACKS }
  const notes: string[] = []
  for (const provider of asArray(providers, 'providers')) {
    const id = asText(provider['id'], 'provider id')
    if (LEFT_OUT.test(id)) continue
    const name = toProviderName(id)
    if (prices[name] !== undefined) throw new Error(`Two providers are called ${name}; the second is ${id}`)
    prices[name] = pricesOfProvider(provider, name, notes)
    const hosts = provider['fallback_model_providers']
    if (Array.isArray(hosts))
      fallbacks[name] = hosts.map((host: unknown) => toProviderName(asText(host, `fallback of ${id}`)))
  }
  return { fallbacks: sorted(fallbacks), prices: sorted(prices), notes }
}

function pricesOfProvider(provider: Fields, name: string, notes: string[]): ListedPrice[] {
  const taken = new Map<string, string>()
  return asArray(provider['models'], `models of ${name}`).flatMap((model) => {
    const id = asText(model['id'], `model of ${name}`)
    const history = historyOf(model, `${name}/${id}`, notes)
    const [first, ...later] = history
    if (first === undefined) {
      if (!id.endsWith(':free')) notes.push(`${name}/${id}: no price in the source, left out`)
      return []
    }
    const { exact, dated } = idsOfMatch({ provider: name, model: id, match: model['match'], notes })
    const own = id.toLowerCase()
    for (const other of [own, ...exact, ...dated]) {
      const owner = taken.get(other)
      if (owner !== undefined && owner !== id) notes.push(`${name}/${id}: id ${other} belongs to ${owner}`)
      else taken.set(other, id)
    }
    const mine = (ids: readonly string[]): readonly string[] => ids.filter((other) => taken.get(other) === id)
    const also = mine(exact).filter((other) => other !== own && !dated.includes(other))
    const ids = { model: id, ...listed('also', also), ...listed('dated', mine(dated)) }
    return [{ ...ids, ...first }, ...later]
  })
}

function historyOf(model: Fields, label: string, notes: string[]): ListedPrice[] {
  const id = asText(model['id'], label)
  const source: unknown = model['prices']
  if (!Array.isArray(source)) return priced(id, { prices: source, label, notes })
  let since: string | undefined
  return (source as readonly unknown[]).flatMap((conditional) => {
    if (!isObject(conditional)) throw new Error(`${label}: a conditional price must be an object`)
    const when = conditionOf(conditional['constraint'], label)
    since = when.from ?? since
    // The source cannot express both; daily hours apply from the date of the price before them.
    const condition = when.hours !== undefined && since !== undefined ? { from: since, hours: when.hours } : when
    return priced(id, { prices: conditional['prices'], label, notes }).map((price) => ({ ...price, ...condition }))
  })
}

// The package names the type of a constraint; the source's data file does not.
function conditionOf(constraint: unknown, label: string): { readonly from?: string; readonly hours?: string } {
  if (constraint === undefined) return {}
  const { start_date: from, start_time: start, end_time: end } = isObject(constraint) ? constraint : {}
  if (from !== undefined) return { from: asText(from, label) }
  const hours = [start, end].map((time) => /^(\d\d:\d\d):00Z$/.exec(typeof time === 'string' ? time : '')?.[1])
  if (hours.every((hour) => hour !== undefined)) return { hours: hours.join('-') }
  throw new Error(`${label}: unknown constraint ${JSON.stringify(constraint)}`)
}

interface SourcePrices {
  readonly prices: unknown
  readonly label: string
  readonly notes: string[]
}

function priced(model: string, { prices, label, notes }: SourcePrices): ListedPrice[] {
  if (!isObject(prices)) throw new Error(`${label}: prices must be an object`)
  if (Object.keys(prices).length === 0) return []
  const base: Partial<Record<keyof TokenPrices, string>> = {}
  const steps = new Map<number, Partial<Record<keyof TokenPrices, string>>>()
  const units: Partial<Record<keyof UnitPrices, string>> = {}
  const unmetered: string[] = []
  for (const [key, value] of Object.entries(prices)) {
    const token = TOKEN_NAMES[key]
    const unit = UNIT_NAMES[key]
    if (token !== undefined) readTokenPrice(value, { token, base, steps, label: `${label} ${key}` })
    else if (unit !== undefined) units[unit.name] = toDecimal(asNumber(value, `${label} ${key}`) / unit.per)
    else if (!REPEATED.has(key)) unmetered.push(key.replace(/_(?:mtok|kpages|kcount|hours)$/, ''))
  }
  if (unmetered.length > 0) notes.push(`${label}: also billed, but not part of any usage: ${unmetered.join(', ')}`)
  const minSeconds = MIN_SECONDS.get(label)
  return [
    {
      model,
      ...(Object.keys(base).length > 0 ? { per_mtok: inOrder(base) } : {}),
      ...(steps.size > 0 ? { above: stepsOf(steps) } : {}),
      ...(Object.keys(units).length > 0 ? { per_unit: units } : {}),
      ...(minSeconds === undefined ? {} : { min_seconds: minSeconds }),
      ...listed('not_metered', unmetered),
    },
  ]
}

interface TokenPriceTarget {
  readonly token: keyof TokenPrices
  readonly base: Partial<Record<keyof TokenPrices, string>>
  readonly steps: Map<number, Partial<Record<keyof TokenPrices, string>>>
  readonly label: string
}

function readTokenPrice(value: unknown, { token, base, steps, label }: TokenPriceTarget): void {
  if (!isObject(value)) {
    base[token] = toDecimal(asNumber(value, label))
    return
  }
  base[token] = toDecimal(asNumber(value['base'], label))
  for (const tier of asArray(value['tiers'], label)) {
    const start = asNumber(tier['start'], label)
    const step = steps.get(start) ?? {}
    step[token] = toDecimal(asNumber(tier['price'], label))
    steps.set(start, step)
  }
}

function stepsOf(steps: ReadonlyMap<number, TokenPrices>): LongInputPrices[] {
  return [...steps].sort(([a], [b]) => a - b).map(([start, prices]) => ({ input_gt: start, per_mtok: inOrder(prices) }))
}

// Twelve digits are far more than a price has, and two fewer than floating-point noise.
function toDecimal(value: number): string {
  const text = Number(value.toPrecision(12)).toFixed(12)
  return text.replace(/\.?0+$/, '')
}

function inOrder(prices: TokenPrices): TokenPrices {
  return Object.fromEntries(
    TOKEN_PRICE_NAMES.flatMap((name) => (prices[name] === undefined ? [] : [[name, prices[name]]])),
  )
}

function listed<Key extends string>(key: Key, ids: readonly string[]): { readonly [name in Key]?: readonly string[] } {
  // The key is the one that the type names.
  return (ids.length > 0 ? { [key]: ids } : {}) as { readonly [name in Key]?: readonly string[] }
}

function sorted<Value>(record: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function asArray(value: unknown, label: string): readonly Fields[] {
  if (!Array.isArray(value) || !value.every(isObject)) throw new Error(`${label} must be an array of objects`)
  return value
}

function asText(value: unknown, label: string): string {
  if (typeof value !== 'string' || value === '') throw new Error(`${label} must be a name`)
  return value
}

function asNumber(value: unknown, label: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0)
    throw new Error(`${label} must be a price, not ${String(value)}`)
  return value
}
