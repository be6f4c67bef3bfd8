import { countOf } from '../json/attribute-values.ts'
import type { UsageSource } from './call.ts'
import type { JsonObject } from '../json/json.ts'

/**
 * Tokens of one provider call after normalising: input includes cached tokens, output includes reasoning.
 * What is absent is unknown.
 */
export interface TokenUsage {
  readonly inputTokens?: number | undefined
  readonly outputTokens?: number | undefined
  readonly cacheReadTokens?: number | undefined
  readonly cacheWriteTokens?: number | undefined
  readonly reasoningTokens?: number | undefined
  /** What has no column: 1 h cache writes, audio, searches, and the raw numbers as the provider gave them. */
  readonly details?: JsonObject | undefined
  readonly serviceTier?: string | undefined
  readonly source: UsageSource
  /** False where the span hides whether tokens were read from a cache. */
  readonly cacheKnown: boolean
  /** False where the span hides whether tokens were written to a cache; as `cacheKnown` when it is absent. */
  readonly cacheWriteKnown?: boolean | undefined
  /** What is known against the numbers; it goes to `cost_flags`. */
  readonly flags: readonly string[]
}

/** No tokens known. */
export const NO_USAGE: TokenUsage = { source: 'none', cacheKnown: false, flags: [] }

/** What is left of the numbers of a stream that broke off: SDKs count what nobody told them as 0. */
export function brokenOffUsage(usage: TokenUsage | undefined): TokenUsage | undefined {
  if (usage === undefined || (usage.outputTokens ?? 0) > 0) return usage
  return {
    ...usage,
    outputTokens: undefined,
    reasoningTokens: undefined,
    cacheReadTokens: usage.cacheReadTokens === 0 ? undefined : usage.cacheReadTokens,
    cacheWriteTokens: usage.cacheWriteTokens === 0 ? undefined : usage.cacheWriteTokens,
  }
}

/**
 * Keeps what is possible and leaves out the rest: a breakdown that is larger than its total contradicts it,
 * and then only the total is kept.
 */
export function consistentUsage(usage: TokenUsage): TokenUsage {
  const input = countOf(usage.inputTokens)
  const output = countOf(usage.outputTokens)
  // 0 and 0 is how many say that they do not know: an answered call has at least one token.
  if ((input ?? 0) + (output ?? 0) === 0) {
    return { ...NO_USAGE, details: usage.details, serviceTier: usage.serviceTier }
  }
  const read = countOf(usage.cacheReadTokens)
  const write = countOf(usage.cacheWriteTokens)
  const reasoning = countOf(usage.reasoningTokens)
  const cacheFits = input === undefined || (read ?? 0) + (write ?? 0) <= input
  const reasoningFits = output === undefined || (reasoning ?? 0) <= output
  return {
    inputTokens: input,
    outputTokens: output,
    cacheReadTokens: cacheFits ? read : undefined,
    cacheWriteTokens: cacheFits ? write : undefined,
    reasoningTokens: reasoningFits ? reasoning : undefined,
    details: usage.details,
    serviceTier: usage.serviceTier,
    source: usage.source,
    cacheKnown: usage.cacheKnown && cacheFits,
    cacheWriteKnown: (usage.cacheWriteKnown ?? usage.cacheKnown) && cacheFits,
    flags: cacheFits && reasoningFits ? usage.flags : [...usage.flags, 'inconsistent_usage'],
  }
}
