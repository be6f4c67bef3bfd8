import { type Attributes, countOf, isObject, jsonOf, numberOf, objectOf, textOf, textsOf } from '../attribute-values.ts'
import { GEN_AI } from '../attributes.ts'
import type { CallKind, Json, JsonObject } from '../call.ts'
import type { ContentDraft } from '../content/content-policy.ts'
import type { Draft } from '../draft.ts'
import { readGenAI } from '../gen-ai.ts'
import { outcomeOf } from '../outcome.ts'
import { toProviderName } from '../provider-names.ts'
import type { SpanLike } from '../span-like.ts'
import { consistentUsage, type TokenUsage } from '../token-usage.ts'
import { whoOfSdkMetadata } from '../who.ts'
import { toolDefinition } from './legacy-messages.ts'
import { type MetadataUsage, usageOfMetadata } from './provider-metadata.ts'

/** Scope of the spans that `@ai-sdk/otel`'s `OpenTelemetry` makes. */
export const AI_SDK_7_SCOPE = 'gen_ai'

// Operation names of the AI SDK's own that the conventions do not have, and ours for them.
const OPERATIONS: Readonly<Record<string, { readonly kind: CallKind; readonly operationName: string }>> = {
  'ai.generateSpeech': { kind: 'speech', operationName: 'generate_speech' },
  'ai.transcribe': { kind: 'transcription', operationName: 'transcribe' },
  'ai.streamTranscribe': { kind: 'transcription', operationName: 'transcribe' },
  decide: { kind: 'model', operationName: 'decide' },
}

/** Kind of an operation that only the AI SDK names. */
export function sevenKindOf(operationName: string): CallKind | undefined {
  return OPERATIONS[operationName]?.kind
}

/** Reads a span of AI SDK 7: GenAI conventions with the gaps and extras of `@ai-sdk/otel`. */
export function readSeven(span: SpanLike, operationName: string): Draft {
  const from = span.attributes
  const base = readGenAI(span, operationName)
  const own = OPERATIONS[operationName]
  const kind = own?.kind ?? base.kind
  const metadata = objectOf(from['ai.response.providerMetadata'])
  const finishReason = textsOf(from[GEN_AI.responseFinishReasons])?.[0]
  const finishes = operationName === 'chat' || operationName === 'invoke_agent'
  const isLeaf = kind !== 'run' && kind !== 'step' && kind !== 'tool'
  return {
    ...base,
    kind,
    operationName: own?.operationName ?? operationName,
    subject: own === undefined ? base.subject : base.requestModel,
    attributes: attributesOf(from, base.attributes),
    usage: isLeaf ? usageOfSeven(from, usageOfMetadata(metadata)) : base.usage,
    content: () => withSchemas(base.content()),
    outcome: outcomeOf(span, finishReason, finishes && !endedByObject(from)),
    sdk: 'ai',
    sdkVersion: /\bai\/(\d+\.\d+\.\d+\S*)/.exec(textOf(from['ai.request.headers.user-agent']) ?? '')?.[1] ?? '7',
    provider: base.rawProvider === undefined ? undefined : toProviderName(azure(base.rawProvider), base.requestModel),
    who: whoOfSdkMetadata(from),
    request: requestOf(from),
    responseMetadata: metadata,
  }
}

// `@ai-sdk/azure` reaches Azure OpenAI only, but version 7 names the other Azure product.
function azure(provider: string): string {
  return provider === 'azure.ai.inference' ? 'azure.ai.openai' : provider
}

// Agents of generateObject and streamObject end well without a finish reason.
function endedByObject(from: Attributes): boolean {
  return from[GEN_AI.operationName] === 'invoke_agent' && from[GEN_AI.outputType] === 'json'
}

function attributesOf(from: Attributes, base: Record<string, unknown>): Record<string, unknown> {
  const to: Record<string, unknown> = {}
  for (const key in base) if (!isExtra(key)) to[key] = base[key]
  const firstChunk = numberOf(from['gen_ai.client.operation.time_to_first_chunk'])
  if (firstChunk !== undefined) {
    to[GEN_AI.responseTimeToFirstChunk] = firstChunk
    to[GEN_AI.requestStream] = true
  }
  return to
}

// The SDK's own names, and names of metrics that it uses as attributes.
function isExtra(key: string): boolean {
  return (
    key.startsWith('ai.') ||
    key.startsWith('gen_ai.client.operation.') ||
    key.startsWith('gen_ai.usage.') ||
    key === 'gen_ai.execute_tool.duration'
  )
}

function usageOfSeven(from: Attributes, metadata: MetadataUsage | undefined): TokenUsage {
  const cacheReadTokens = countOf(from[GEN_AI.cacheReadTokens]) ?? metadata?.cacheReadTokens
  return consistentUsage({
    inputTokens: countOf(from[GEN_AI.inputTokens]),
    outputTokens: countOf(from[GEN_AI.outputTokens]),
    cacheReadTokens,
    cacheWriteTokens:
      countOf(from[GEN_AI.cacheCreationTokens]) ?? countOf(from[GEN_AI.cacheWriteTokens]) ?? metadata?.cacheWriteTokens,
    reasoningTokens:
      countOf(from['ai.usage.outputTokenDetails.reasoningTokens']) ??
      countOf(from[GEN_AI.reasoningTokens]) ??
      metadata?.reasoningTokens,
    details: metadata?.details,
    serviceTier: metadata?.serviceTier,
    source: 'span',
    // Object APIs leave cache writes off the span; everywhere else the SDK passes on what the provider said.
    cacheKnown: cacheReadTokens !== undefined || metadata?.tellsCache === true || from[GEN_AI.outputType] !== 'json',
    flags: [],
  })
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
