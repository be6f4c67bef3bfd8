import { countOf } from '../json/attribute-values.ts'
import type { UsageSource } from './call-words.ts'
import type { JsonObject } from '../json/json.ts'

/**
 * Token counts of one provider call after normalizing: input includes cached tokens, output includes reasoning. Absent
 * means unknown.
 */
export interface TokenUsage {
  readonly inputTokens?: number | undefined
  readonly outputTokens?: number | undefined
  readonly cacheReadTokens?: number | undefined
  readonly cacheWriteTokens?: number | undefined
  readonly reasoningTokens?: number | undefined
  /** Counts without a column: 1 h cache writes, audio, searches, and the raw numbers of the provider. */
  readonly details?: JsonObject | undefined
  readonly serviceTier?: string | undefined
  readonly source: UsageSource
  /** False if the span hides whether tokens were read from a cache. */
  readonly cacheKnown: boolean
  /** False if the span hides whether tokens were written to a cache; defaults to `cacheKnown`. */
  readonly cacheWriteKnown?: boolean | undefined
  /** Why the numbers may be wrong; copied to `cost_flags`. */
  readonly flags: readonly string[]
}

/** Usage without token counts. */
export const NO_USAGE: TokenUsage = { source: 'none', cacheKnown: false, flags: [] }

/** The reliable part of the counts of a broken-off stream: SDKs report missing counts as 0. */
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

/** Keeps only counts that are consistent: a breakdown larger than its total is dropped and the total kept. */
export function consistentUsage(usage: TokenUsage): TokenUsage {
  const input = countOf(usage.inputTokens)
  const output = countOf(usage.outputTokens)
  // Zero input and zero output usually means unknown: an answered call has at least one token.
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
