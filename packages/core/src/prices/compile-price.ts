import { parseDecimal } from './decimal.ts'
import type { LongInputPrices, Price, TokenPrices } from './price-file.ts'
import type { ListedPrice } from './price-list.ts'

/** Token prices as integers of 10^-12 dollars per million tokens. */
export type TokenRates = { readonly [name in keyof TokenPrices]?: bigint }

/** A price ready for arithmetic. Rates are integers of 10^-12 dollars. */
export interface CompiledPrice {
  readonly version: string
  /** Undefined if tokens are not billed. */
  readonly tokens: TokenRates | undefined
  /** Rates for larger inputs, largest first. */
  readonly above: readonly { readonly inputGt: number; readonly tokens: TokenRates }[]
  readonly request: bigint | undefined
  readonly search: bigint | undefined
  readonly image: bigint | undefined
  readonly character: bigint | undefined
  /** Per hour; a second costs 1/3600 of it. */
  readonly hour: bigint | undefined
  readonly minSeconds: number
  /** True if every rate is zero. */
  readonly isFree: boolean
  /** A fraction to multiply the cost by; undefined for 1. */
  readonly factor: { readonly times: bigint; readonly over: bigint } | undefined
  /** Flags for every cost computed from this price. */
  readonly flags: readonly string[]
  readonly traits: PriceTraits
}

/** What is known about a price besides its numbers. */
export interface PriceTraits {
  /**
   * Audio costs the same as text unless priced otherwise, as with Gemini. If false, audio without a price of its own is
   * unpriced.
   */
  readonly isAudioAsText: boolean
  /** A cache write of unknown duration may be for an hour, at a different price. */
  readonly hasHourCache: boolean
  /** The request fee is the highest of several. */
  readonly isRequestUpperBound: boolean
}

const SCALE = parseDecimal('1') ?? 1n

/** Compiles a price that was checked; invalid decimals count as absent. */
export function compilePrice(price: Price & Partial<ListedPrice>, version: string, traits: PriceTraits): CompiledPrice {
  const tokens = price.per_mtok === undefined ? undefined : ratesOf(price.per_mtok)
  const unit = price.per_unit ?? {}
  const hour = rateOf(unit.hour) ?? times(rateOf(unit.minute), 60n) ?? times(rateOf(unit.second), 3600n)
  const compiled = {
    request: rateOf(unit.request),
    search: rateOf(unit.search),
    image: rateOf(unit.image),
    character: rateOf(unit.character),
    hour,
  }
  const above = stepsOf(price.above ?? [], tokens)
  const rates = [
    ...Object.values(compiled),
    ...[tokens ?? {}, ...above.map((step) => step.tokens)].flatMap((all) => Object.values(all)),
  ]
  const named = rates.filter((rate) => rate !== undefined)
  return {
    version,
    tokens,
    above,
    ...compiled,
    minSeconds: price.min_seconds ?? 0,
    isFree: named.length > 0 && named.every((rate) => rate === 0n),
    factor: undefined,
    flags: (price.not_metered ?? []).map((name) => `${name}_not_metered`),
    traits,
  }
}

/** The same price at a discount, with the version of the entry that grants it. */
export function discountPrice(price: CompiledPrice, discount: string | undefined, version: string): CompiledPrice {
  const by = rateOf(discount)
  if (by === undefined) return { ...price, version }
  const { times: before, over } = price.factor ?? { times: 1n, over: 1n }
  return { ...price, version, factor: { times: before * by, over: over * SCALE } }
}

// Each step lists only what changes from the step below it.
function stepsOf(above: readonly LongInputPrices[], base: TokenRates | undefined): CompiledPrice['above'] {
  let tokens = base ?? {}
  const steps = [...above].sort((a, b) => a.input_gt - b.input_gt)
  return steps
    .map((step) => {
      tokens = { ...tokens, ...ratesOf(step.per_mtok) }
      return { inputGt: step.input_gt, tokens }
    })
    .reverse()
}

function ratesOf(prices: TokenPrices): TokenRates {
  const rates: { -readonly [name in keyof TokenPrices]?: bigint } = {}
  for (const [name, text] of Object.entries(prices)) {
    const rate = rateOf(text)
    if (rate !== undefined) rates[name as keyof TokenPrices] = rate // an own key of `prices`
  }
  return rates
}

function rateOf(text: unknown): bigint | undefined {
  return typeof text === 'string' ? parseDecimal(text) : undefined
}

function times(rate: bigint | undefined, factor: bigint): bigint | undefined {
  return rate === undefined ? undefined : rate * factor
}
