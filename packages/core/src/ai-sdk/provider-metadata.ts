import { countOf, isObject, textOf } from '../attribute-values.ts'
import type { JsonObject } from '../call.ts'

/** What a provider's own part of AI SDK `providerMetadata` says about tokens. Absent means that it does not say. */
export interface MetadataUsage {
  /** All input as the provider counts it, cached tokens included. */
  readonly inputTokens?: number | undefined
  /** All output, reasoning included. */
  readonly outputTokens?: number | undefined
  readonly cacheReadTokens?: number | undefined
  readonly cacheWriteTokens?: number | undefined
  readonly reasoningTokens?: number | undefined
  readonly serviceTier?: string | undefined
  /** True when the metadata would name cached tokens if there were any. */
  readonly tellsCache: boolean
  readonly details: JsonObject
}

type Reader = (metadata: JsonObject) => MetadataUsage | undefined

// One reader for each provider that AI SDK packages name in `providerMetadata`.
const READERS: Readonly<Record<string, Reader>> = {
  anthropic: anthropicUsage,
  google: googleUsage,
  vertex: googleUsage,
  openai: openaiUsage,
  azure: openaiUsage,
  bedrock: bedrockUsage,
  deepseek: deepseekUsage,
  openrouter: openrouterUsage,
  xai: tierOnly,
  groq: tierOnly,
}

/** Reads the first provider in `providerMetadata` that says something about tokens. */
export function usageOfMetadata(metadata: JsonObject | undefined): MetadataUsage | undefined {
  if (metadata === undefined) return undefined
  for (const name in metadata) {
    const reader = Object.hasOwn(READERS, name) ? READERS[name] : undefined
    const part = metadata[name]
    if (reader === undefined || !isObject(part)) continue
    const usage = reader(part)
    if (usage !== undefined) return usage
  }
  return undefined
}

// Anthropic counts uncached input, cache reads and cache writes apart.
function anthropicUsage(metadata: JsonObject): MetadataUsage | undefined {
  const usage = metadata['usage']
  if (!isObject(usage)) {
    const read = countOf(metadata['cacheReadInputTokens'])
    const write = countOf(metadata['cacheCreationInputTokens'])
    if (read === undefined && write === undefined) return undefined
    return { cacheReadTokens: read, cacheWriteTokens: write, tellsCache: true, details: {} }
  }
  const read = countOf(usage['cache_read_input_tokens'])
  const write = countOf(usage['cache_creation_input_tokens']) ?? countOf(metadata['cacheCreationInputTokens'])
  const uncached = countOf(usage['input_tokens'])
  const split = isObject(usage['cache_creation']) ? usage['cache_creation'] : {}
  const searches = isObject(usage['server_tool_use'])
    ? countOf(usage['server_tool_use']['web_search_requests'])
    : undefined
  return {
    inputTokens: uncached === undefined ? undefined : uncached + (read ?? 0) + (write ?? 0),
    cacheReadTokens: read,
    cacheWriteTokens: write,
    serviceTier: textOf(usage['service_tier']),
    tellsCache: true,
    details: known({
      cacheWrite5mTokens: countOf(split['ephemeral_5m_input_tokens']),
      cacheWrite1hTokens: countOf(split['ephemeral_1h_input_tokens']),
      searches,
      raw: usage,
    }),
  }
}

// Gemini counts thoughts beside candidates, and cached content inside the prompt.
function googleUsage(metadata: JsonObject): MetadataUsage | undefined {
  const usage = metadata['usageMetadata']
  if (!isObject(usage)) return undefined
  const candidates = countOf(usage['candidatesTokenCount'])
  const thoughts = countOf(usage['thoughtsTokenCount'])
  const prompt = countOf(usage['promptTokenCount'])
  const toolUse = countOf(usage['toolUsePromptTokenCount'])
  return {
    inputTokens: prompt === undefined ? undefined : prompt + (toolUse ?? 0),
    outputTokens: candidates === undefined && thoughts === undefined ? undefined : (candidates ?? 0) + (thoughts ?? 0),
    cacheReadTokens: countOf(usage['cachedContentTokenCount']),
    reasoningTokens: thoughts,
    serviceTier: textOf(metadata['serviceTier']),
    tellsCache: true,
    details: known({
      inputAudioTokens: modalityCount(usage['promptTokensDetails'], 'AUDIO'),
      outputAudioTokens: modalityCount(usage['candidatesTokensDetails'], 'AUDIO'),
      outputImageTokens: modalityCount(usage['candidatesTokensDetails'], 'IMAGE'),
      raw: usage,
    }),
  }
}

function openaiUsage(metadata: JsonObject): MetadataUsage | undefined {
  const read = countOf(metadata['cachedPromptTokens'])
  const usage = metadata['usage']
  return {
    cacheReadTokens: read,
    cacheWriteTokens: isObject(usage) ? countOf(usage['cacheWriteTokens']) : undefined,
    reasoningTokens: countOf(metadata['reasoningTokens']),
    serviceTier: textOf(metadata['serviceTier']),
    tellsCache: read !== undefined,
    details: known({
      acceptedPredictionTokens: countOf(metadata['acceptedPredictionTokens']),
      rejectedPredictionTokens: countOf(metadata['rejectedPredictionTokens']),
    }),
  }
}

// Bedrock's Converse counts cached tokens beside the input; only the cached ones are in the metadata.
function bedrockUsage(metadata: JsonObject): MetadataUsage | undefined {
  const usage = metadata['usage']
  if (!isObject(usage)) return undefined
  return {
    cacheReadTokens: countOf(usage['cacheReadInputTokens']),
    cacheWriteTokens: countOf(usage['cacheWriteInputTokens']),
    tellsCache: true,
    details: { raw: usage },
  }
}

function deepseekUsage(metadata: JsonObject): MetadataUsage | undefined {
  const read = countOf(metadata['promptCacheHitTokens'])
  return read === undefined ? undefined : { cacheReadTokens: read, tellsCache: true, details: {} }
}

function openrouterUsage(metadata: JsonObject): MetadataUsage | undefined {
  const usage = metadata['usage']
  if (!isObject(usage)) return undefined
  const input = isObject(usage['promptTokensDetails']) ? usage['promptTokensDetails'] : {}
  const output = isObject(usage['completionTokensDetails']) ? usage['completionTokensDetails'] : {}
  return {
    inputTokens: countOf(usage['promptTokens']),
    outputTokens: countOf(usage['completionTokens']),
    cacheReadTokens: countOf(input['cachedTokens']),
    reasoningTokens: countOf(output['reasoningTokens']),
    tellsCache: 'promptTokensDetails' in usage,
    details: { raw: usage },
  }
}

function tierOnly(metadata: JsonObject): MetadataUsage | undefined {
  const serviceTier = textOf(metadata['serviceTier'])
  return serviceTier === undefined ? undefined : { serviceTier, tellsCache: false, details: {} }
}

function modalityCount(details: unknown, modality: string): number | undefined {
  if (!Array.isArray(details)) return undefined
  const entry = details.find((item) => isObject(item) && item['modality'] === modality)
  return isObject(entry) ? countOf(entry['tokenCount']) : undefined
}

function known(details: JsonObject): JsonObject {
  const kept: Record<string, JsonObject[string]> = {}
  for (const key in details) if (details[key] !== undefined) kept[key] = details[key]
  return kept
}
