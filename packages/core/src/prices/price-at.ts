import { DAY_MS } from '../time/day.ts'
import { type CompiledPrice, type PriceTraits, compilePrice } from './compile-price.ts'
import { dayMs } from './custom-prices.ts'
import type { CustomPrice } from './price-file.ts'
import type { ListedModel } from './price-list-index.ts'
import type { ListedPrice } from './price-list.ts'

/** The price that applies to a call. */
export interface FoundPrice {
  readonly source: 'custom' | 'list'
  readonly provider: string
  readonly model: string
  readonly entry: CustomPrice | ListedPrice
  readonly compiled: CompiledPrice
  /** True if the answering model has no price and the requested one does. */
  readonly isOfRequestModel: boolean
}

/** Finds the price of a model by the start of the call. */
export type PriceAt = (atMs: number) => FoundPrice

interface PriceOrigin {
  readonly listVersion: string
  readonly isOfRequestModel: boolean
}

interface DatedPrice {
  readonly fromMs: number
  readonly hours: { readonly startMs: number; readonly endMs: number } | undefined
  readonly found: FoundPrice
}

/** The price at a time: the last entry that applies; before the first entry, the first. */
export function pricesAt(
  { provider, model, prices }: ListedModel,
  { listVersion, isOfRequestModel }: PriceOrigin,
): PriceAt | undefined {
  const dated = prices.map((entry): DatedPrice => {
    const from = typeof entry.from === 'string' ? `#${entry.from}` : ''
    const compiled = compilePrice(entry, `${listVersion}:${provider}/${model}${from}`, listTraits(provider, entry))
    return {
      fromMs: dayMs(entry.from, -Infinity),
      hours: hoursOf(entry.hours),
      found: { source: 'list', provider, model, entry, compiled, isOfRequestModel },
    }
  })
  const [first] = dated
  if (first === undefined) return undefined
  return (atMs) => (dated.findLast((price) => holds(price, atMs)) ?? first).found
}

function holds({ fromMs, hours }: DatedPrice, atMs: number): boolean {
  if (atMs < fromMs) return false
  if (hours === undefined) return true
  const timeMs = ((atMs % DAY_MS) + DAY_MS) % DAY_MS
  const { startMs, endMs } = hours
  return endMs < startMs ? timeMs >= startMs || timeMs < endMs : timeMs >= startMs && timeMs < endMs
}

function hoursOf(hours: string | undefined): DatedPrice['hours'] {
  const parts = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(hours ?? '')
  if (parts === null) return undefined
  const [startHour = 0, startMinute = 0, endHour = 0, endMinute = 0] = parts.slice(1).map(Number)
  return { startMs: (startHour * 60 + startMinute) * 60_000, endMs: (endHour * 60 + endMinute) * 60_000 }
}

function listTraits(provider: string, entry: ListedPrice): PriceTraits {
  return {
    isAudioAsText: provider === 'gcp.gemini',
    hasHourCache: entry.per_mtok?.cache_write_1h !== undefined || entry.model.toLowerCase().includes('claude'),
    isRequestUpperBound: provider === 'perplexity',
  }
}
