import { type Attributes, countOf, isObject } from '../../json/attribute-values.ts'
import type { CallKind } from '../../call/call-words.ts'
import type { JsonObject } from '../../json/json.ts'
import { consistentUsage, type TokenUsage } from '../../call/token-usage.ts'
import { eitherUsage, usageOfAnswer } from './observed-answer.ts'
import { type MetadataUsage, usageOfMetadata } from './provider-metadata.ts'
import { withFlags } from './usage-flags.ts'

/** What determines how to read the numbers of a legacy span. */
export interface LegacyDialect {
  readonly kind: CallKind
  /** The AI SDK major, if the span reveals it. */
  readonly major: number | undefined
  /** The SDK's name for the provider, such as `anthropic.messages`. */
  readonly rawProvider: string | undefined
  readonly model: string | undefined
}

/**
 * Token counts on an `ai.*` span of AI SDK 4 to 7. From version 6 the totals include cached input and reasoning.
 * Versions 4 and 5 pass on the provider's numbers: Anthropic and Bedrock exclude cached tokens from the input, Google
 * excludes thoughts from the output.
 */
export function usageOfLegacy(
  attributes: Attributes,
  dialect: LegacyDialect,
  sources: { readonly metadata: JsonObject | undefined; readonly observed: JsonObject | undefined },
): TokenUsage {
  const metadata = eitherUsage(
    usageOfMetadata(sources.metadata),
    usageOfAnswer(partOf(sources.observed, 'answer'), dialect.rawProvider),
  )
  const observedUsage = partOf(sources.observed, 'usage')
  const hasDetails =
    'ai.usage.inputTokenDetails.noCacheTokens' in attributes ||
    'ai.usage.inputTokenDetails.cacheReadTokens' in attributes
  const inclusive = hasDetails || (dialect.major ?? 0) >= 6 || isBedrockOf6(attributes, dialect)
  const cacheReadTokens =
    countOf(attributes['ai.usage.inputTokenDetails.cacheReadTokens']) ??
    countOf(attributes['ai.usage.cachedInputTokens']) ??
    metadata?.cacheReadTokens ??
    countOf(observedUsage?.['cacheReadTokens'])
  const cacheWriteTokens =
    countOf(attributes['ai.usage.inputTokenDetails.cacheWriteTokens']) ??
    metadata?.cacheWriteTokens ??
    countOf(observedUsage?.['cacheWriteTokens'])
  const reasoningTokens =
    countOf(attributes['ai.usage.outputTokenDetails.reasoningTokens']) ??
    countOf(attributes['ai.usage.reasoningTokens']) ??
    metadata?.reasoningTokens ??
    countOf(observedUsage?.['reasoningTokens'])
  const input = firstCount(attributes, INPUT_KEYS)
  const output = firstCount(attributes, OUTPUT_KEYS)
  const fromMetadata = !inclusive && (metadata?.inputTokens !== undefined || metadata?.outputTokens !== undefined)
  return withFlags(
    consistentUsage({
      inputTokens: inclusive
        ? input
        : (metadata?.inputTokens ??
          withCache(input, dialect, {
            read: cacheReadTokens,
            write: cacheWriteTokens,
            isTold: metadata !== undefined,
          })),
      outputTokens: inclusive ? output : (metadata?.outputTokens ?? withThoughts(output, dialect, reasoningTokens)),
      cacheReadTokens,
      cacheWriteTokens,
      reasoningTokens,
      details: metadata?.details,
      serviceTier: metadata?.serviceTier,
      source: sources.observed !== undefined && !hasDetails ? 'observed' : fromMetadata ? 'provider_metadata' : 'span',
      cacheKnown:
        hasDetails ||
        cacheReadTokens !== undefined ||
        metadata?.tellsCache === true ||
        tellsCacheByAbsence(attributes, dialect, metadata),
      cacheWriteKnown: cacheWriteTokens !== undefined || (metadata !== undefined && tellsCacheWrite(dialect)),
      flags: [],
    }),
    {
      rawProvider: dialect.rawProvider,
      metadata: sources.metadata,
      tellsTier: metadata?.tellsTier === true || (inclusive && metadata !== undefined && isBedrock(dialect)),
      kind: dialect.kind,
    },
  )
}

// In order of reliability, for all majors.
const INPUT_KEYS = [
  'gen_ai.usage.input_tokens',
  'ai.usage.inputTokens',
  'ai.usage.promptTokens',
  'gen_ai.usage.prompt_tokens',
  'ai.usage.tokens',
  'ai.usage.input_tokens',
] as const

const OUTPUT_KEYS = [
  'gen_ai.usage.output_tokens',
  'ai.usage.outputTokens',
  'ai.usage.completionTokens',
  'gen_ai.usage.completion_tokens',
  'ai.usage.output_tokens',
] as const

// Spans with the newer names report cached tokens whenever the provider counts them, and version 4 puts OpenAI's into
// the metadata. generateText of version 5 and generateObject of 5 and 6 keep the old names and report nothing.
function tellsCacheByAbsence(
  attributes: Attributes,
  dialect: LegacyDialect,
  metadata: MetadataUsage | undefined,
): boolean {
  return 'ai.usage.inputTokens' in attributes || (dialect.major === 4 && metadata !== undefined)
}

// Anthropic's metadata always names both kinds of cached tokens, and Google has only one. Packages for OpenAI read
// cache writes only since some models charge for them, so their absence proves nothing.
function tellsCacheWrite({ rawProvider }: LegacyDialect): boolean {
  return /anthropic|google|vertex/i.test(rawProvider ?? '')
}

// The streams of streamObject look the same in 5 and 6, but only the Bedrock package of 6 knows the response id.
function isBedrockOf6(attributes: Attributes, dialect: LegacyDialect): boolean {
  const id = attributes['ai.response.id']
  return isBedrock(dialect) && typeof id === 'string' && !/^ai(txt|obj)-/.test(id)
}

function isBedrock({ rawProvider }: LegacyDialect): boolean {
  return rawProvider === 'amazon-bedrock'
}

// Without cache counts, the reported input is not the whole input: generateText of version 5 drops Bedrock's cache
// reads, and versions before 4.3.17 drop all of Anthropic's cache counts.
function withCache(
  input: number | undefined,
  dialect: LegacyDialect,
  cached: { readonly read: number | undefined; readonly write: number | undefined; readonly isTold: boolean },
): number | undefined {
  const { rawProvider = '', model = '' } = dialect
  if (input === undefined || !/anthropic|bedrock/i.test(rawProvider)) return input
  const isAnthropic = !/bedrock/i.test(rawProvider)
  // Versions that omit the metadata on request include cached tokens in the input.
  if (isAnthropic && !cached.isTold) return cached.read === undefined ? undefined : input
  if (!isAnthropic && cached.read === undefined && /claude|nova/i.test(model)) return undefined
  return input + (cached.read ?? 0) + (cached.write ?? 0)
}

// Version 4 drops Google's thoughts, so the output of a thinking model is unknown rather than the remainder. It passes
// on Grok's, which are also counted separately; later versions add them.
function withThoughts(
  output: number | undefined,
  dialect: LegacyDialect,
  reasoning: number | undefined,
): number | undefined {
  const { rawProvider = '', model = '', major } = dialect
  if (output === undefined) return output
  if (major === 4 && /^xai\b/i.test(rawProvider)) return output + (reasoning ?? 0)
  if (!/google|vertex/i.test(rawProvider) || /anthropic/i.test(rawProvider)) return output
  if (reasoning !== undefined) return output + reasoning
  return /gemini-(1|2\.0)/.test(model) ? output : undefined
}

function partOf(object: JsonObject | undefined, name: string): JsonObject | undefined {
  const part = object?.[name]
  return isObject(part) ? part : undefined
}

function firstCount(attributes: Attributes, keys: readonly string[]): number | undefined {
  for (const key of keys) {
    const count = countOf(attributes[key])
    if (count !== undefined) return count
  }
  return undefined
}
