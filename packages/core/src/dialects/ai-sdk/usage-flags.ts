import type { CallKind } from '../../call/call-words.ts'
import type { JsonObject } from '../../json/json.ts'
import { costFromProviderMetadata } from '../../prices/provider-cost.ts'
import type { TokenUsage } from '../../call/token-usage.ts'

// These providers sell one model at several prices and report the tier in the response.
const TIERED = /^(?:openai|azure(?:-openai)?|anthropic|google|gcp|aws|amazon-bedrock|bedrock)(?:\.|$)/i
// These providers set their own charge and report it in the response.
const NAMES_ITS_CHARGE = /^(?:gateway|openrouter|x_?ai|perplexity)\b/i
const COHERE = /^cohere\b/i

/** Adds flags for what an AI SDK span hides but the price depends on: the cost is then an estimate. */
export function withFlags(
  usage: TokenUsage,
  known: {
    /** The SDK's name for the provider, or its GenAI name. */
    readonly rawProvider: string | undefined
    readonly metadata: JsonObject | undefined
    readonly tellsTier: boolean
    readonly kind: CallKind
  },
): TokenUsage {
  const { rawProvider = '', metadata, tellsTier, kind } = known
  if (usage.source === 'none' || rawProvider === '') return usage
  const flags = [...usage.flags]
  if (kind === 'model') {
    if (!tellsTier && TIERED.test(rawProvider)) flags.push('assumed_standard_tier')
    // The package reports what the model read; Cohere bills less, without the tokens it added itself.
    if (COHERE.test(rawProvider)) flags.push('assumed_billed_tokens')
  }
  if (NAMES_ITS_CHARGE.test(rawProvider) && costFromProviderMetadata(metadata) === undefined)
    flags.push('assumed_list_price')
  return flags.length === usage.flags.length ? usage : { ...usage, flags }
}
