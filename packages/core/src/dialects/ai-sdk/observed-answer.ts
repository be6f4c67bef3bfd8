import { countOf, isObject } from '../../json/attribute-values.ts'
import type { JsonObject } from '../../json/json.ts'
import { type MetadataUsage, usageOfMetadata } from './provider-metadata.ts'

/**
 * Token counts in the part of a provider's response that `register` notes on the span, for details that the packages of
 * AI SDK 4 to 6 leave out. Undefined for providers whose packages leave nothing out.
 */
export function usageOfAnswer(answer: JsonObject | undefined, rawProvider = ''): MetadataUsage | undefined {
  const usage = answer?.['usage']
  if (isObject(answer?.['usageMetadata']))
    return usageOfMetadata({ google: { usageMetadata: answer['usageMetadata'] } })
  if (!isObject(usage)) return undefined
  if (/anthropic/.test(rawProvider) && 'input_tokens' in usage) return usageOfMetadata({ anthropic: { usage } })
  return /^(openai|azure)\b/.test(rawProvider) ? openaiUsage(usage, answer?.['service_tier']) : undefined
}

/** Combines two readings of one answer: the second fills the gaps of the first. */
export function eitherUsage(
  first: MetadataUsage | undefined,
  second: MetadataUsage | undefined,
): MetadataUsage | undefined {
  if (first === undefined || second === undefined) return first ?? second
  return {
    inputTokens: first.inputTokens ?? second.inputTokens,
    outputTokens: first.outputTokens ?? second.outputTokens,
    cacheReadTokens: first.cacheReadTokens ?? second.cacheReadTokens,
    cacheWriteTokens: first.cacheWriteTokens ?? second.cacheWriteTokens,
    reasoningTokens: first.reasoningTokens ?? second.reasoningTokens,
    serviceTier: first.serviceTier ?? second.serviceTier,
    tellsCache: first.tellsCache || second.tellsCache,
    tellsTier: first.tellsTier || second.tellsTier,
    details: { ...second.details, ...first.details },
  }
}

// The Responses API uses input and output, the chat API prompt and completion.
function openaiUsage(usage: JsonObject, serviceTier: unknown): MetadataUsage | undefined {
  const input = usage['input_tokens_details'] ?? usage['prompt_tokens_details']
  const output = usage['output_tokens_details'] ?? usage['completion_tokens_details']
  return usageOfMetadata({
    openai: {
      cachedPromptTokens: countIn(input, 'cached_tokens'),
      reasoningTokens: countIn(output, 'reasoning_tokens'),
      usage: { cacheWriteTokens: countIn(input, 'cache_write_tokens') },
      serviceTier: typeof serviceTier === 'string' ? serviceTier : undefined,
    },
  })
}

function countIn(details: unknown, name: string): number | undefined {
  return isObject(details) ? countOf(details[name]) : undefined
}
