import { countOf } from './attribute-values.ts'
import type { JsonObject, UsageSource } from './call.ts'

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
  /** False where the span hides whether tokens were cached. */
  readonly cacheKnown: boolean
  /** Why numbers were left out. */
  readonly flags: readonly string[]
}

/** No tokens known. */
export const NO_USAGE: TokenUsage = { source: 'none', cacheKnown: false, flags: [] }

/**
 * Keeps what is possible and leaves out the rest: a breakdown that is larger than its total contradicts it,
 * and then only the total is kept.
 */
export function consistentUsage(usage: TokenUsage): TokenUsage {
  const input = countOf(usage.inputTokens)
  const output = countOf(usage.outputTokens)
  if (input === undefined && output === undefined) {
    return { ...NO_USAGE, details: usage.details, serviceTier: usage.serviceTier, flags: usage.flags }
  }
  const read = countOf(usage.cacheReadTokens)
  const write = countOf(usage.cacheWriteTokens)
  const reasoning = countOf(usage.reasoningTokens)
  const cacheFits = (read ?? 0) + (write ?? 0) <= (input ?? 0)
  const reasoningFits = (reasoning ?? 0) <= (output ?? 0)
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
    flags: cacheFits && reasoningFits ? usage.flags : [...usage.flags, 'inconsistent_usage'],
  }
}
