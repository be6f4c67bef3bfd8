import {
  type Attributes,
  countOf,
  isObject,
  jsonOf,
  numberOf,
  objectOf,
  textOf,
  textsOf,
} from '../../json/attribute-values.ts'
import { GEN_AI } from '../../vocabulary/attributes.ts'
import type { CallKind } from '../../call/call-words.ts'
import type { Json, JsonObject } from '../../json/json.ts'
import type { ContentDraft } from '../../content/content-policy.ts'
import type { Dialect } from '../dialect.ts'
import type { Draft } from '../draft.ts'
import { contentSourcesOf } from '../gen-ai/gen-ai-content.ts'
import { genAIKindOf, genAIOperationOf, readGenAI } from '../gen-ai/gen-ai.ts'
import { isBrokenOff, outcomeOf } from '../outcome.ts'
import { toProviderName } from '../../vocabulary/provider-names.ts'
import type { SpanLike } from '../../span/span-like.ts'
import { brokenOffUsage, consistentUsage, type TokenUsage } from '../../call/token-usage.ts'
import { sdkAttributionOf } from './sdk-attribution.ts'
import { toolDefinition } from './legacy-messages.ts'
import { usageOfMetadata } from './provider-metadata.ts'
import { withFlags } from './usage-flags.ts'

/** The scope of spans from `@ai-sdk/otel`'s `OpenTelemetry`. */
export const AI_SDK_7_SCOPE = 'gen_ai'

// A metric name, used as an attribute on spans of streamed answers.
const FIRST_CHUNK = 'gen_ai.client.operation.time_to_first_chunk'

// Operation names that only the AI SDK uses, and ours for them.
const OPERATIONS: Readonly<Record<string, { readonly kind: CallKind; readonly operationName: string }>> = {
  'ai.generateSpeech': { kind: 'speech', operationName: 'generate_speech' },
  'ai.transcribe': { kind: 'transcription', operationName: 'transcribe' },
  'ai.streamTranscribe': { kind: 'transcription', operationName: 'transcribe' },
  decide: { kind: 'model', operationName: 'decide' },
}

/** The spans of AI SDK 7: GenAI conventions with the omissions and additions of `@ai-sdk/otel`. */
export const AI_SDK_7: Dialect = {
  kindOf({ attributes, instrumentationScope }) {
    if (instrumentationScope?.name !== AI_SDK_7_SCOPE) return undefined
    const operation = genAIOperationOf(attributes)
    return operation === undefined ? undefined : (OPERATIONS[operation]?.kind ?? genAIKindOf(operation, attributes))
  },
  read(span) {
    if (span.instrumentationScope?.name !== AI_SDK_7_SCOPE) return undefined
    const operation = genAIOperationOf(span.attributes)
    return operation === undefined ? undefined : readSeven(span, operation)
  },
}

function readSeven(span: SpanLike, operationName: string): Draft {
  const from = span.attributes
  const base = readGenAI(span, operationName, isExtra)
  const own = OPERATIONS[operationName]
  const kind = own?.kind ?? base.kind
  const metadata = objectOf(from['ai.response.providerMetadata'])
  const finishReason = textsOf(from[GEN_AI.responseFinishReasons])?.[0]
  const finishes = operationName === 'chat' || operationName === 'invoke_agent'
  const isLeaf = kind !== 'run' && kind !== 'step' && kind !== 'tool'
  const rawProvider = providerOf(base.rawProvider, metadata)
  const usage = isLeaf ? usageOfSeven(from, { rawProvider, metadata, kind }) : base.usage
  // An agent does not report whether it streams; only a broken stream reports 0 output tokens.
  const couldBreak = isLeaf ? isStreamed(from) : from[GEN_AI.outputTokens] === 0
  const brokeOff = couldBreak && isBrokenOff(finishReason, usage)
  return {
    ...base,
    kind,
    operationName: own?.operationName ?? operationName,
    subject: own === undefined ? base.subject : base.requestModel,
    attributes: withFirstChunk(base.attributes, from),
    usage: brokeOff ? brokenOffUsage(usage) : usage,
    content: (parse) => withSchemas(base.content(parse)),
    contentSources: finishes ? contentSourcesOf(span) : undefined,
    outcome: outcomeOf(span, brokeOff ? 'error' : finishReason, finishes && !endedByObject(from)),
    sdk: 'ai',
    sdkVersion: /\bai\/(\d+\.\d+\.\d+\S*)/.exec(textOf(from['ai.request.headers.user-agent']) ?? '')?.[1] ?? '7',
    rawProvider,
    provider: rawProvider === undefined ? undefined : toProviderName(rawProvider, base.requestModel),
    attribution: () => sdkAttributionOf(from),
    request: requestOf(from),
    responseMetadata: metadata,
  }
}

// Version 7 maps every name that starts like a known provider to that provider; the metadata has the real name. Also,
// `@ai-sdk/azure` only reaches Azure OpenAI, but version 7 names the other Azure product.
function providerOf(named: string | undefined, metadata: JsonObject | undefined): string | undefined {
  if (named === 'azure.ai.inference') return 'azure.ai.openai'
  if (named !== 'openai' || metadata === undefined || 'openai' in metadata) return named
  return Object.keys(metadata).find((name) => name.startsWith('openai')) ?? named
}

function isStreamed(from: Attributes): boolean {
  return from[FIRST_CHUNK] !== undefined
}

// Agents of generateObject and streamObject complete without a finish reason.
function endedByObject(from: Attributes): boolean {
  return from[GEN_AI.operationName] === 'invoke_agent' && from[GEN_AI.outputType] === 'json'
}

function withFirstChunk(to: Record<string, unknown>, from: Attributes): Record<string, unknown> {
  const firstChunk = numberOf(from[FIRST_CHUNK])
  if (firstChunk !== undefined) {
    to[GEN_AI.responseTimeToFirstChunk] = firstChunk
    to[GEN_AI.requestStream] = true
  }
  return to
}

// The SDK's own names, and metric names that it uses as attributes.
function isExtra(key: string): boolean {
  return (
    key.startsWith('ai.') ||
    key.startsWith('gen_ai.client.operation.') ||
    key.startsWith('gen_ai.usage.') ||
    key === 'gen_ai.execute_tool.duration'
  )
}

function usageOfSeven(
  from: Attributes,
  known: {
    readonly rawProvider: string | undefined
    readonly metadata: JsonObject | undefined
    readonly kind: CallKind
  },
): TokenUsage {
  const metadata = usageOfMetadata(known.metadata)
  const cacheReadTokens = countOf(from[GEN_AI.cacheReadTokens]) ?? metadata?.cacheReadTokens
  const cacheWriteTokens =
    countOf(from[GEN_AI.cacheCreationTokens]) ?? countOf(from[GEN_AI.cacheWriteTokens]) ?? metadata?.cacheWriteTokens
  // Object APIs leave cache writes off the span; all others pass on what the provider reported.
  const tellsAll = from[GEN_AI.outputType] !== 'json'
  const usage = consistentUsage({
    inputTokens: countOf(from[GEN_AI.inputTokens]),
    outputTokens: countOf(from[GEN_AI.outputTokens]),
    cacheReadTokens,
    cacheWriteTokens,
    reasoningTokens:
      countOf(from['ai.usage.outputTokenDetails.reasoningTokens']) ??
      countOf(from[GEN_AI.reasoningTokens]) ??
      metadata?.reasoningTokens,
    details: metadata?.details,
    serviceTier: metadata?.serviceTier,
    source: 'span',
    cacheKnown: tellsAll || cacheReadTokens !== undefined || metadata?.tellsCache === true,
    cacheWriteKnown: cacheWriteTokens !== undefined,
    flags: [],
  })
  return withFlags(usage, { ...known, tellsTier: metadata?.tellsTier === true })
}

function withSchemas(content: ContentDraft): ContentDraft {
  const definitions = content.toolDefinitions
  if (!Array.isArray(definitions)) return content
  return {
    ...content,
    toolDefinitions: (definitions as readonly Json[]).map((tool) => (isObject(tool) ? toolDefinition(tool) : tool)),
  }
}

function requestOf(from: Attributes): JsonObject | undefined {
  const toolChoice = jsonOf(from['ai.prompt.toolChoice'])
  return isObject(toolChoice) ? { toolChoice } : undefined
}
