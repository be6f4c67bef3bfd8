import { type Attributes, countOf, numberOf, objectOf, textOf, textsOf } from '../../json/attribute-values.ts'
import { GEN_AI, SPANLEDGER } from '../../vocabulary/attributes.ts'
import { type CallKind, callKindOf } from '../../call/call-words.ts'
import type { Dialect } from '../dialect.ts'
import type { Draft } from '../draft.ts'
import { toFinishReason } from '../../vocabulary/finish-reasons.ts'
import { contentOf, isIndexedMessage } from './gen-ai-content.ts'
import { outcomeOf } from '../outcome.ts'
import { toProviderName } from '../../vocabulary/provider-names.ts'
import type { SpanLike } from '../../span/span-like.ts'
import { consistentUsage, type TokenUsage } from '../../call/token-usage.ts'

// The kind of each `gen_ai.operation.name`. Any other name is a model call if the span has a model and tokens.
const KINDS: Readonly<Record<string, CallKind>> = {
  chat: 'model',
  generate_content: 'model',
  text_completion: 'model',
  embeddings: 'embedding',
  rerank: 'rerank',
  retrieval: 'retrieval',
  execute_tool: 'tool',
  invoke_agent: 'run',
  invoke_workflow: 'run',
  create_agent: 'run',
  plan: 'run',
  agent_step: 'step',
  generate_image: 'image',
  image_generation: 'image',
  generate_speech: 'speech',
  transcribe: 'transcription',
  fetch_response: 'operation',
}

// Names of older conventions. If both names are present, the newer one wins.
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['gen_ai.system', GEN_AI.providerName],
  ['gen_ai.usage.prompt_tokens', GEN_AI.inputTokens],
  ['gen_ai.usage.completion_tokens', GEN_AI.outputTokens],
  ['gen_ai.openai.request.seed', GEN_AI.requestSeed],
  ['gen_ai.openai.request.response_format', GEN_AI.outputType],
  ['gen_ai.openai.request.service_tier', 'openai.request.service_tier'],
  ['gen_ai.openai.response.service_tier', 'openai.response.service_tier'],
  ['gen_ai.openai.response.system_fingerprint', 'openai.response.system_fingerprint'],
  ['gen_ai.request.top_k_int', GEN_AI.requestTopK],
])

// Read by name and rewritten by the writer.
const REWRITTEN = new Set<string>([
  GEN_AI.operationName,
  GEN_AI.providerName,
  GEN_AI.requestModel,
  GEN_AI.responseModel,
  GEN_AI.inputTokens,
  GEN_AI.outputTokens,
  GEN_AI.cacheReadTokens,
  GEN_AI.cacheCreationTokens,
  GEN_AI.cacheWriteTokens,
  GEN_AI.reasoningTokens,
  GEN_AI.cost,
  GEN_AI.systemInstructions,
  GEN_AI.inputMessages,
  GEN_AI.outputMessages,
  GEN_AI.toolDefinitions,
  GEN_AI.toolArguments,
  GEN_AI.toolResult,
  GEN_AI.responseFinishReasons,
  GEN_AI.agentName,
  'gen_ai.prompt',
  'gen_ai.completion',
])

/** The GenAI operation that a span names, or the one its attributes imply: older instrumentations name none. */
export function genAIOperationOf(attributes: Attributes): string | undefined {
  const named = textOf(attributes[GEN_AI.operationName])
  if (named !== undefined) return named
  const hasSystem = textOf(attributes['gen_ai.system']) ?? textOf(attributes[GEN_AI.providerName])
  return hasSystem !== undefined && textOf(attributes[GEN_AI.requestModel]) !== undefined ? 'chat' : undefined
}

/** The kind of a GenAI operation; known from its start. */
export function genAIKindOf(operationName: string, attributes: Attributes): CallKind {
  // Only our own manual spans carry it before conversion.
  const reported = callKindOf(attributes[SPANLEDGER.kind])
  if (reported !== undefined) return reported
  if (Object.hasOwn(KINDS, operationName)) return KINDS[operationName] ?? 'operation'
  return attributes[GEN_AI.requestModel] !== undefined && attributes[GEN_AI.inputTokens] !== undefined
    ? 'model'
    : 'operation'
}

/** The spans of every instrumentation that follows the GenAI conventions. */
export const GEN_AI_DIALECT: Dialect = {
  kindOf({ attributes }) {
    const operation = genAIOperationOf(attributes)
    return operation === undefined ? undefined : genAIKindOf(operation, attributes)
  },
  read(span) {
    const operation = genAIOperationOf(span.attributes)
    return operation === undefined ? undefined : readGenAI(span, operation)
  },
}

/**
 * Reads a span of any GenAI instrumentation and any version of the conventions. `isLeftOut` selects attributes that the
 * instrumentation adds to them and that are dropped.
 */
export function readGenAI(span: SpanLike, operationName: string, isLeftOut?: (key: string) => boolean): Draft {
  const from = span.attributes
  const kind = genAIKindOf(operationName, from)
  const rawProvider = textOf(from[GEN_AI.providerName]) ?? textOf(from['gen_ai.system'])
  const requestModel = textOf(from[GEN_AI.requestModel])
  const agentName = textOf(from[GEN_AI.agentName])
  const finishReasons = textsOf(from[GEN_AI.responseFinishReasons])
  return {
    kind,
    operationName,
    subject: subjectOf(kind, { agentName, requestModel, from }),
    attributes: attributesOf(from, finishReasons, isLeftOut),
    usage: kind === 'tool' || kind === 'step' ? undefined : usageOfGenAI(from),
    content: (parse) => contentOf(span, parse),
    outcome: outcomeOf(span, finishReasons?.[0], false),
    sdk: textOf(from[SPANLEDGER.sdk]) ?? textOf(span.instrumentationScope?.name),
    sdkVersion: textOf(from[SPANLEDGER.sdkVersion]) ?? textOf(span.instrumentationScope?.version),
    rawProvider,
    provider: rawProvider === undefined ? undefined : toProviderName(rawProvider, requestModel),
    requestModel,
    responseModel: textOf(from[GEN_AI.responseModel]),
    functionId: agentName,
    attribution: () => undefined,
    request: objectOf(from[SPANLEDGER.request]),
    responseMetadata: objectOf(from[SPANLEDGER.responseMetadata]),
    reportedCostUsd: numberOf(from[GEN_AI.cost]),
  }
}

/** Token counts as the conventions define them: input includes cache, output includes reasoning. */
export function usageOfGenAI(from: Attributes): TokenUsage {
  const cacheReadTokens = countOf(from[GEN_AI.cacheReadTokens])
  return consistentUsage({
    inputTokens: countOf(from[GEN_AI.inputTokens]) ?? countOf(from['gen_ai.usage.prompt_tokens']),
    outputTokens: countOf(from[GEN_AI.outputTokens]) ?? countOf(from['gen_ai.usage.completion_tokens']),
    cacheReadTokens,
    cacheWriteTokens: countOf(from[GEN_AI.cacheWriteTokens]) ?? countOf(from[GEN_AI.cacheCreationTokens]),
    reasoningTokens: countOf(from[GEN_AI.reasoningTokens]),
    details: objectOf(from[SPANLEDGER.usageDetails]),
    serviceTier: textOf(from[SPANLEDGER.serviceTier]) ?? textOf(from['openai.response.service_tier']),
    source: 'span',
    cacheKnown: cacheReadTokens !== undefined,
    flags: [],
  })
}

function subjectOf(
  kind: CallKind,
  names: { agentName: string | undefined; requestModel: string | undefined; from: Attributes },
): string | undefined {
  if (kind === 'tool') return textOf(names.from[GEN_AI.toolName])
  if (kind === 'run' || kind === 'operation') return textOf(names.from[GEN_AI.workflowName]) ?? names.agentName
  if (kind === 'retrieval') return textOf(names.from['gen_ai.data_source.id'])
  return kind === 'step' ? undefined : names.requestModel
}

function attributesOf(
  from: Attributes,
  finishReasons: readonly string[] | undefined,
  isLeftOut: ((key: string) => boolean) | undefined,
): Record<string, unknown> {
  const to: Record<string, unknown> = {}
  for (const key in from) {
    if (REWRITTEN.has(key) || isLeftOut?.(key) === true || isIndexedMessage(key)) continue
    const name = key.startsWith('gen_ai.') ? (RENAMED.get(key) ?? key) : key
    if (name === key) to[key] = from[key]
    else if (!REWRITTEN.has(name) && from[name] === undefined) to[name] = from[key]
  }
  if (finishReasons !== undefined) to[GEN_AI.responseFinishReasons] = finishReasons.map(toFinishReason)
  if (from[GEN_AI.requestStream] === false) delete to[GEN_AI.requestStream]
  const firstChunk =
    numberOf(from[GEN_AI.responseTimeToFirstChunk]) ?? numberOf(from['gen_ai.server.time_to_first_token'])
  if (firstChunk !== undefined) to[GEN_AI.responseTimeToFirstChunk] = firstChunk
  return to
}
