import type { CallKind } from '../call/call-words.ts'
import type { CompiledPrice, TokenRates } from './compile-price.ts'
import { divideHalfUp } from './decimal.ts'
import { type Usage, type UsageParts, usagePartsOf } from './usage.ts'

/** Why a call has no cost. */
export type CostReason =
  | 'unknown_provider'
  | 'unknown_model'
  | 'unpriced_tier'
  | 'no_usage'
  | 'inconsistent_usage'
  | 'unpriced_dimension'
  | 'out_of_range'

/** A cost with flags that mark it as an estimate, or the reason why there is none. */
export type UsageCost = { readonly costNanoUsd: number; readonly flags: readonly string[] } | Unpriced

interface Unpriced {
  readonly reason: CostReason
}

/** What is known about a call besides its usage. */
export interface UsageContext {
  readonly kind: CallKind | undefined
  /** False if the usage hides whether tokens were read from a cache. */
  readonly cacheKnown: boolean | undefined
  /** False if the usage hides whether tokens were written to a cache. */
  readonly cacheWriteKnown: boolean | undefined
}

// Sums are integers of 10^-18 dollars: one token at 10^-12 dollars per million. Per-piece rates are scaled by a
// million. Time is in microseconds, and the hourly rate is divided by 3600 at the end.
const PIECE = 1_000_000n
const SECONDS_PER_HOUR = 3600n
const NANO = 1_000_000_000n
const LARGEST = BigInt(Number.MAX_SAFE_INTEGER)

const NO_USAGE: Unpriced = { reason: 'no_usage' }
const INCONSISTENT: Unpriced = { reason: 'inconsistent_usage' }
const UNPRICED: Unpriced = { reason: 'unpriced_dimension' }
const OUT_OF_RANGE: Unpriced = { reason: 'out_of_range' }

/** The cost of a usage at a price, rounded half up once, to a whole nano-USD. */
export function costOfUsage(price: CompiledPrice, usage: Usage, context: UsageContext): UsageCost {
  const parts = usagePartsOf(usage)
  if (parts === undefined) return INCONSISTENT
  if (!hasUsage(parts) && !isRequestOnly(price)) return price.isFree ? { costNanoUsd: 0, flags: price.flags } : NO_USAGE
  const charge = chargeOf(price, parts, context)
  if ('reason' in charge) return charge
  const nano = toNano(price, charge.sum, parts.microseconds)
  return nano > LARGEST ? OUT_OF_RANGE : { costNanoUsd: Number(nano), flags: charge.flags }
}

function toNano(price: CompiledPrice, sum: bigint, microseconds: number): bigint {
  const isTimed = price.hour !== undefined && microseconds > 0
  const billedTime = BigInt(Math.max(microseconds, price.minSeconds * 1e6))
  const total = isTimed ? sum * SECONDS_PER_HOUR + price.hour * billedTime : sum
  const over = isTimed ? NANO * SECONDS_PER_HOUR : NANO
  const { factor } = price
  return factor === undefined ? divideHalfUp(total, over) : divideHalfUp(total * factor.times, over * factor.over)
}

// Zero input and zero output usually means unknown: an answered call has at least one token.
function hasUsage(parts: UsageParts): boolean {
  return parts.input + parts.output + parts.images + parts.searches + parts.characters + parts.microseconds > 0
}

function isRequestOnly(price: CompiledPrice): boolean {
  const others = [price.tokens, price.image, price.character, price.hour]
  return price.request !== undefined && others.every((other) => other === undefined)
}

type Charge = { readonly sum: bigint; readonly flags: readonly string[] } | Unpriced

// Tokens, time, characters and images measure the same work, and a provider bills the one it has a price for. Searches
// and the request fee are added.
function chargeOf(price: CompiledPrice, parts: UsageParts, context: UsageContext): Charge {
  const tokens = chargeTokens(price, parts, context)
  if ('reason' in tokens) return tokens
  const hasTokens = parts.input + parts.output > 0
  const pieces = amount(parts.characters, price.character ?? 0n) + amount(parts.images, price.image ?? 0n)
  const isMeasured =
    (hasTokens && price.tokens !== undefined) ||
    (parts.microseconds > 0 && price.hour !== undefined) ||
    (parts.characters > 0 && price.character !== undefined) ||
    (parts.images > 0 && price.image !== undefined) ||
    isRequestOnly(price)
  const others = parts.images + parts.characters + parts.microseconds
  const isOnlySearch = !hasTokens && others === 0 && parts.searches > 0
  if (!isMeasured && !isOnlySearch) return UNPRICED
  if (parts.searches > 0 && price.search === undefined) return UNPRICED
  const extras = amount(parts.searches, price.search ?? 0n) + amount(parts.requests, price.request ?? 0n)
  const sum = tokens.sum + (pieces + extras) * PIECE
  const isUpperBound = price.request !== undefined && price.traits.isRequestUpperBound
  return { sum, flags: isUpperBound ? [...tokens.flags, 'assumed_request_fee'] : tokens.flags }
}

function chargeTokens(price: CompiledPrice, parts: UsageParts, context: UsageContext): Charge {
  const flags: string[] = [...price.flags]
  if (price.tokens === undefined || parts.input + parts.output === 0) return { sum: 0n, flags }
  const rates = ratesFor(price.tokens, price, parts.input)
  if (isIncomplete(rates, parts, context)) return NO_USAGE
  const sum = sumTokens(rates, parts, { price, flags })
  if (sum === undefined) return UNPRICED
  if (parts.input > 0 && hidesCache(rates, parts, context)) flags.push('cache_unknown')
  return { sum, flags }
}

function ratesFor(tokens: TokenRates, price: CompiledPrice, input: number): TokenRates {
  for (const step of price.above) if (input > step.inputGt) return step.tokens
  return tokens
}

// A model that answers is billed for input and output; with half the usage the cost would be far too low.
function isIncomplete(rates: TokenRates, parts: UsageParts, { kind }: UsageContext): boolean {
  const needsOutput = kind === undefined || kind === 'model'
  const missesInput = !parts.hasInput && isCharged(rates.input)
  const missesOutput = !parts.hasOutput && needsOutput && isCharged(rates.output)
  return missesInput || missesOutput
}

function isCharged(rate: bigint | undefined): boolean {
  return rate !== undefined && rate !== 0n
}

function hidesCache(rates: TokenRates, parts: UsageParts, context: UsageContext): boolean {
  const hidesRead = context.cacheKnown === false && parts.cacheRead + parts.cacheReadAudio === 0
  const hidesWrite = (hidesRead || context.cacheWriteKnown === false) && parts.cacheWrite + parts.cacheWrite1h === 0
  return (hidesRead && rates.cache_read !== undefined) || (hidesWrite && rates.cache_write !== undefined)
}

interface TokenContext {
  readonly price: CompiledPrice
  readonly flags: string[]
}

// Undefined if any tokens have no price: the rest would be too little.
function sumTokens(rates: TokenRates, parts: UsageParts, context: TokenContext): bigint | undefined {
  const { price, flags } = context
  const audioRate = rates.input_audio ?? (price.traits.isAudioAsText ? rates.input : undefined)
  const writes = sumCacheWrites(rates, parts, context)
  if (writes === undefined) return undefined
  if (parts.cacheRead > 0 && rates.cache_read === undefined) flag(flags, 'cache_at_input_rate')
  if (parts.cacheReadAudio > 0 && rates.cache_read_audio === undefined) flag(flags, 'cache_at_input_rate')
  let sum = writes
  for (const [count, rate] of [
    [parts.textInput, rates.input],
    [parts.cacheRead, rates.cache_read ?? rates.input],
    [parts.audioInput, audioRate],
    [parts.cacheReadAudio, rates.cache_read_audio ?? audioRate],
    [parts.imageInput, rates.input_image ?? rates.input],
    [parts.textOutput, rates.output],
    [parts.reasoning, rates.reasoning ?? rates.output],
    [parts.audioOutput, rates.output_audio],
    [parts.imageOutput, rates.output_image ?? rates.output],
  ] as const) {
    if (count === 0) continue
    if (rate === undefined) return undefined
    sum += amount(count, rate)
  }
  return sum
}

function sumCacheWrites(rates: TokenRates, parts: UsageParts, { price, flags }: TokenContext): bigint | undefined {
  const { cacheWrite, cacheWrite1h, hasCacheWrite1h } = parts
  if (cacheWrite + cacheWrite1h === 0) return 0n
  const rate = rates.cache_write ?? rates.input
  if (rates.cache_write === undefined) flag(flags, 'cache_at_input_rate')
  else if (!hasCacheWrite1h && price.traits.hasHourCache) flag(flags, 'assumed_5m')
  // If only five-minute writes are priced, one-hour writes have another price that we do not know.
  const hourRate = rates.cache_write_1h ?? (rates.cache_write === undefined ? rates.input : undefined)
  if ((cacheWrite > 0 && rate === undefined) || (cacheWrite1h > 0 && hourRate === undefined)) return undefined
  return amount(cacheWrite, rate ?? 0n) + amount(cacheWrite1h, hourRate ?? 0n)
}

function amount(count: number, rate: bigint): bigint {
  return count === 0 ? 0n : rate * BigInt(count)
}

function flag(flags: string[], name: string): void {
  if (!flags.includes(name)) flags.push(name)
}
