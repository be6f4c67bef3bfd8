import { countOf, isObject, textOf } from '../../json/attribute-values.ts'
import type { JsonObject } from '../../json/json.ts'

/** Token counts in a provider's part of AI SDK `providerMetadata`. Absent means not reported. */
export interface MetadataUsage {
  /** All input as the provider counts it, including cached tokens. */
  readonly inputTokens?: number | undefined
  /** All output, including reasoning. */
  readonly outputTokens?: number | undefined
  readonly cacheReadTokens?: number | undefined
  readonly cacheWriteTokens?: number | undefined
  readonly reasoningTokens?: number | undefined
  readonly serviceTier?: string | undefined
  /** True if the metadata would report cached tokens if there were any. */
  readonly tellsCache: boolean
  /** True if it would report a service tier other than the standard one. */
  readonly tellsTier: boolean
  readonly details: JsonObject
}

type Reader = (metadata: JsonObject) => MetadataUsage | undefined

// One reader for each provider in `providerMetadata`.
const READERS: Readonly<Record<string, Reader>> = {
  anthropic: anthropicUsage,
  google: googleUsage,
  vertex: googleUsage,
  googleVertex: googleUsage,
  openai: openaiUsage,
  azure: openaiUsage,
  bedrock: bedrockUsage,
  // The name since AI SDK 7, which passes on the tier if there is one.
  amazonBedrock: (metadata) => ({ ...bedrockUsage(metadata), tellsTier: true }),
  deepseek: deepseekUsage,
  openrouter: openrouterUsage,
  groq: tierOnly,
}

/** Reads the first provider in `providerMetadata` that reports token counts. */
export function usageOfMetadata(metadata: JsonObject | undefined): MetadataUsage | undefined {
  if (metadata === undefined) return undefined
  for (const name in metadata) {
    const part = metadata[name]
    if (!isObject(part)) continue
    const reader = (Object.hasOwn(READERS, name) ? READERS[name] : undefined) ?? compatibleUsage
    const usage = reader(part)
    if (usage !== undefined) return usage
  }
  return undefined
}

/** Whether a package for AI SDK 4 wrote it: those for OpenAI-compatible providers put these counts beside the usage. */
export function tellsAs4(metadata: JsonObject | undefined): boolean {
  for (const name in metadata) {
    const part = metadata[name]
    if (isObject(part) && 'cachedPromptTokens' in part) return true
  }
  return false
}

// Anthropic counts uncached input, cache reads and cache writes separately.
function anthropicUsage(metadata: JsonObject): MetadataUsage | undefined {
  const usage = metadata['usage']
  if (!isObject(usage)) {
    const read = countOf(metadata['cacheReadInputTokens'])
    const write = countOf(metadata['cacheCreationInputTokens'])
    // null if the response did not include them, which is equivalent to absent.
    if (!('cacheReadInputTokens' in metadata) && !('cacheCreationInputTokens' in metadata)) return undefined
    return { cacheReadTokens: read, cacheWriteTokens: write, tellsCache: true, tellsTier: false, details: {} }
  }
  const read = countOf(usage['cache_read_input_tokens'])
  const write = countOf(usage['cache_creation_input_tokens']) ?? countOf(metadata['cacheCreationInputTokens'])
  const uncached = countOf(usage['input_tokens'])
  const split = isObject(usage['cache_creation']) ? usage['cache_creation'] : {}
  const searches = isObject(usage['server_tool_use'])
    ? countOf(usage['server_tool_use']['web_search_requests'])
    : undefined
  const output = isObject(usage['output_tokens_details']) ? usage['output_tokens_details'] : {}
  return {
    inputTokens: uncached === undefined ? undefined : uncached + (read ?? 0) + (write ?? 0),
    cacheReadTokens: read,
    cacheWriteTokens: write,
    reasoningTokens: countOf(output['thinking_tokens']),
    serviceTier: textOf(usage['service_tier']),
    tellsCache: true,
    tellsTier: true,
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
    serviceTier: textOf(metadata['serviceTier']) ?? textOf(usage['serviceTier']) ?? tierOfTraffic(usage['trafficType']),
    tellsCache: true,
    // Packages of AI SDK 6 and later, which write `finishMessage`, pass on the tier; Vertex names the traffic type in
    // all.
    tellsTier: 'trafficType' in usage || 'finishMessage' in metadata,
    details: known({
      inputAudioTokens: modalityCount(usage['promptTokensDetails'], 'AUDIO'),
      outputAudioTokens: modalityCount(usage['candidatesTokensDetails'], 'AUDIO'),
      outputImageTokens: modalityCount(usage['candidatesTokensDetails'], 'IMAGE'),
      raw: usage,
    }),
  }
}

// `ON_DEMAND`, `ON_DEMAND_PRIORITY`, `PROVISIONED_THROUGHPUT`: Vertex AI's names for the tier.
function tierOfTraffic(trafficType: unknown): string | undefined {
  return textOf(trafficType)
    ?.replace(/^ON_DEMAND_/, '')
    .toLowerCase()
}

function openaiUsage(metadata: JsonObject): MetadataUsage | undefined {
  const read = countOf(metadata['cachedPromptTokens'])
  const usage = metadata['usage']
  const serviceTier = textOf(metadata['serviceTier'])
  return {
    cacheReadTokens: read,
    cacheWriteTokens: isObject(usage) ? countOf(usage['cacheWriteTokens']) : undefined,
    reasoningTokens: countOf(metadata['reasoningTokens']),
    serviceTier,
    tellsCache: read !== undefined,
    tellsTier: serviceTier !== undefined,
    details: known({
      acceptedPredictionTokens: countOf(metadata['acceptedPredictionTokens']),
      rejectedPredictionTokens: countOf(metadata['rejectedPredictionTokens']),
    }),
  }
}

// What the AI SDK 4 package writes for any OpenAI-compatible provider, under that provider's name.
function compatibleUsage(metadata: JsonObject): MetadataUsage | undefined {
  return 'cachedPromptTokens' in metadata ? openaiUsage(metadata) : tierOnly(metadata)
}

// Bedrock's Converse counts cached tokens beside the input. The metadata holds only cached tokens, and reads only in
// version 4.
function bedrockUsage(metadata: JsonObject): MetadataUsage {
  const usage = isObject(metadata['usage']) ? metadata['usage'] : {}
  const read = countOf(usage['cacheReadInputTokens'])
  const tier = metadata['serviceTier']
  return {
    cacheReadTokens: read,
    cacheWriteTokens: countOf(usage['cacheWriteInputTokens']),
    serviceTier: textOf(isObject(tier) ? tier['type'] : tier),
    tellsCache: read !== undefined,
    tellsTier: tier !== undefined,
    details: known({ ...writesByTtl(usage['cacheDetails']), raw: metadata['usage'] }),
  }
}

function writesByTtl(details: unknown): JsonObject {
  if (!Array.isArray(details)) return {}
  const sumOf = (ttl: string): number =>
    details.reduce<number>(
      (sum, detail) => sum + (isObject(detail) && detail['ttl'] === ttl ? (countOf(detail['inputTokens']) ?? 0) : 0),
      0,
    )
  return { cacheWrite5mTokens: sumOf('5m'), cacheWrite1hTokens: sumOf('1h') }
}

function deepseekUsage(metadata: JsonObject): MetadataUsage | undefined {
  const read = countOf(metadata['promptCacheHitTokens'])
  if (read === undefined) return undefined
  return {
    cacheReadTokens: read,
    reasoningTokens: countOf(metadata['reasoningTokens']),
    tellsCache: true,
    tellsTier: false,
    details: {},
  }
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
    tellsTier: false,
    details: { raw: usage },
  }
}

function tierOnly(metadata: JsonObject): MetadataUsage | undefined {
  const serviceTier = textOf(metadata['serviceTier'])
  return serviceTier === undefined ? undefined : { serviceTier, tellsCache: false, tellsTier: true, details: {} }
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
