import type { CallKind } from '../../call/call.ts'
import type { JsonObject } from '../../json/json.ts'
import { costFromProviderMetadata } from '../../prices/provider-cost.ts'
import type { TokenUsage } from '../../call/token-usage.ts'

// They sell the same model at several prices, and answer which one it was.
const TIERED = /^(?:openai|azure(?:-openai)?|anthropic|google|gcp|aws|amazon-bedrock|bedrock)(?:\.|$)/i
// They charge an amount of their own making, and answer how much it was.
const NAMES_ITS_CHARGE = /^(?:gateway|openrouter|x_?ai|perplexity)\b/i
const COHERE = /^cohere\b/i

/** What an AI SDK span hides that the price hangs on: the cost is then an estimate, and these flags say why. */
export function withFlags(
  usage: TokenUsage,
  said: {
    /** What the SDK calls the provider, or the GenAI name of it. */
    readonly rawProvider: string | undefined
    readonly metadata: JsonObject | undefined
    readonly tellsTier: boolean
    readonly kind: CallKind
  },
): TokenUsage {
  const { rawProvider = '', metadata, tellsTier, kind } = said
  if (usage.source === 'none' || rawProvider === '') return usage
  const flags = [...usage.flags]
  if (kind === 'model') {
    if (!tellsTier && TIERED.test(rawProvider)) flags.push('assumed_standard_tier')
    // The package passes on what the model read; Cohere bills less: not what it added itself.
    if (COHERE.test(rawProvider)) flags.push('assumed_billed_tokens')
  }
  if (NAMES_ITS_CHARGE.test(rawProvider) && costFromProviderMetadata(metadata) === undefined)
    flags.push('assumed_list_price')
  return flags.length === usage.flags.length ? usage : { ...usage, flags }
}
