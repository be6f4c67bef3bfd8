import { type Attributes, countOf, numberOf, objectOf, textOf, textsOf } from '../../json/attribute-values.ts'
import { GEN_AI, SPANLEDGER } from '../../vocabulary/attributes.ts'
import type { CallKind } from '../../call/call-words.ts'
import type { JsonObject } from '../../json/json.ts'
import type { ParseJson } from '../../content/content-memory.ts'
import type { ContentDraft } from '../../content/content-policy.ts'
import type { Dialect } from '../dialect.ts'
import type { Draft } from '../draft.ts'
import { toFinishReason } from '../../vocabulary/finish-reasons.ts'
import { isBrokenOff, outcomeOf } from '../outcome.ts'
import { toProviderName } from '../../vocabulary/provider-names.ts'
import type { SpanLike } from '../../span/span-like.ts'
import { brokenOffUsage } from '../../call/token-usage.ts'
import { sdkAttributionOf } from './sdk-attribution.ts'
import { outputOfLegacy, promptOfCaller, promptOfMessages, toolDefinitionsOfLegacy } from './legacy-messages.ts'
import { usageOfLegacy } from './legacy-usage.ts'
import { tellsAs4 } from './provider-metadata.ts'

interface LegacyOperation {
  readonly kind: CallKind
  readonly operationName: string
  readonly streaming?: boolean
  readonly json?: boolean
  /** The name of the wrapper: an AI SDK function around provider calls that is not an agent. */
  readonly workflow?: string
}

// Every `ai.operationId` of AI SDK 4 to 6, and of version 7 with the old names.
const OPERATIONS: Readonly<Record<string, LegacyOperation>> = {
  'ai.generateText': { kind: 'run', operationName: 'invoke_agent' },
  'ai.streamText': { kind: 'run', operationName: 'invoke_agent', streaming: true },
  'ai.generateObject': { kind: 'run', operationName: 'invoke_agent', json: true },
  'ai.streamObject': { kind: 'run', operationName: 'invoke_agent', json: true, streaming: true },
  'ai.generateText.doGenerate': { kind: 'model', operationName: 'chat' },
  'ai.streamText.doStream': { kind: 'model', operationName: 'chat', streaming: true },
  'ai.generateObject.doGenerate': { kind: 'model', operationName: 'chat', json: true },
  'ai.streamObject.doStream': { kind: 'model', operationName: 'chat', json: true, streaming: true },
  'ai.toolCall': { kind: 'tool', operationName: 'execute_tool' },
  'ai.embed': { kind: 'run', operationName: 'invoke_workflow', workflow: 'embed' },
  'ai.embedMany': { kind: 'run', operationName: 'invoke_workflow', workflow: 'embedMany' },
  'ai.embed.doEmbed': { kind: 'embedding', operationName: 'embeddings' },
  'ai.embedMany.doEmbed': { kind: 'embedding', operationName: 'embeddings' },
  'ai.rerank': { kind: 'run', operationName: 'invoke_workflow', workflow: 'rerank' },
  'ai.rerank.doRerank': { kind: 'rerank', operationName: 'rerank' },
  'ai.decide': { kind: 'run', operationName: 'invoke_workflow', workflow: 'decide' },
  'ai.decide.doDecide': { kind: 'model', operationName: 'decide' },
  'ai.generateSpeech': { kind: 'speech', operationName: 'generate_speech' },
  'ai.transcribe': { kind: 'transcription', operationName: 'transcribe' },
  'ai.streamTranscribe': { kind: 'transcription', operationName: 'transcribe', streaming: true },
}

// These spans always carry a finish reason if they complete.
const ALWAYS_FINISH = new Set([
  'ai.generateText',
  'ai.streamText',
  'ai.generateText.doGenerate',
  'ai.streamText.doStream',
  'ai.generateObject.doGenerate',
  'ai.streamObject.doStream',
])

/** The AI SDK operation of a legacy span, or undefined. */
export function legacyOperationOf(attributes: Attributes): string | undefined {
  const id = attributes['ai.operationId']
  return typeof id === 'string' && Object.hasOwn(OPERATIONS, id) ? id : undefined
}

/** The `functionId` that the application gave to a legacy call. */
export function legacyFunctionIdOf(attributes: Attributes): string | undefined {
  return textOf(attributes['ai.telemetry.functionId'])
}

/** The id of the tool call that a legacy span is for. */
export function legacyToolCallIdOf(attributes: Attributes): string | undefined {
  return textOf(attributes['ai.toolCall.id'])
}

/** Whether an event reports progress of a legacy stream. */
export function isLegacyStreamEvent(eventName: string): boolean {
  return eventName.startsWith('ai.stream.')
}

/** The spans of AI SDK 4, 5, 6 and of 7's `LegacyOpenTelemetry`. */
export const AI_SDK_LEGACY: Dialect = {
  kindOf({ attributes }) {
    const operationId = legacyOperationOf(attributes)
    return operationId === undefined ? undefined : OPERATIONS[operationId]?.kind
  },
  read(span) {
    const operationId = legacyOperationOf(span.attributes)
    return operationId === undefined ? undefined : readLegacy(span, operationId)
  },
}

function readLegacy(span: SpanLike, operationId: string, operation = OPERATIONS[operationId]): Draft | undefined {
  if (operation === undefined) return undefined
  const from = span.attributes
  // Roots repeat the metadata of their last step.
  const metadata = operation.kind === 'run' ? undefined : objectOf(from['ai.response.providerMetadata'])
  const observed = objectOf(from[SPANLEDGER.observed])
  const rawProvider = textOf(from['ai.model.provider']) ?? textOf(from['gen_ai.system'])
  const requestModel = textOf(from[GEN_AI.requestModel]) ?? textOf(from['ai.model.id'])
  const responseModel = textOf(from[GEN_AI.responseModel]) ?? textOf(from['ai.response.model'])
  const finishReason = textOf(from['ai.response.finishReason']) ?? textsOf(from[GEN_AI.responseFinishReasons])?.[0]
  const version = /\bai\/(\d+\.\d+\.\d+\S*)/.exec(textOf(from['ai.request.headers.user-agent']) ?? '')?.[1]
  const major = version === undefined ? majorByShape(from, metadata) : Number.parseInt(version, 10)
  const functionId = legacyFunctionIdOf(from)
  const usage =
    operation.kind === 'tool'
      ? undefined
      : usageOfLegacy(from, { kind: operation.kind, major, rawProvider, model: requestModel }, { metadata, observed })
  const brokeOff = operation.streaming === true && isBrokenOff(finishReason, usage)
  return {
    kind: operation.kind,
    operationName: operation.operationName,
    subject: subjectOf(operation, { functionId, requestModel, toolName: textOf(from['ai.toolCall.name']) }),
    attributes: attributesOf(from, operation, finishReason),
    // Depending on the version, roots of `ai.*` hold the numbers of the last step or of all steps, so they are ignored.
    usage: operation.kind === 'run' ? undefined : brokeOff ? brokenOffUsage(usage) : usage,
    content: (parse) => contentOf(from, operation, parse),
    outcome: outcomeOf(span, brokeOff ? 'error' : finishReason, ALWAYS_FINISH.has(operationId)),
    sdk: major === 7 ? 'ai-legacy' : 'ai',
    sdkVersion: version ?? (major === undefined ? undefined : String(major)),
    rawProvider,
    provider: rawProvider === undefined ? undefined : toProviderName(rawProvider, requestModel),
    requestModel,
    responseModel,
    functionId,
    attribution: () => sdkAttributionOf(from),
    request: requestOf(from),
    responseMetadata: metadata,
  }
}

// Only version 4 writes these attributes, and only its provider packages write this metadata.
function majorByShape(from: Attributes, metadata: JsonObject | undefined): number | undefined {
  const is4 = 'ai.prompt.format' in from || 'ai.settings.maxSteps' in from || 'ai.settings.mode' in from
  return is4 || tellsAs4(metadata) ? 4 : undefined
}

function subjectOf(
  operation: LegacyOperation,
  names: { functionId: string | undefined; requestModel: string | undefined; toolName: string | undefined },
): string | undefined {
  if (operation.kind === 'tool') return names.toolName
  if (operation.workflow !== undefined) return names.functionId ?? operation.workflow
  return operation.kind === 'run' ? names.functionId : names.requestModel
}

function attributesOf(
  from: Attributes,
  operation: LegacyOperation,
  finishReason: string | undefined,
): Record<string, unknown> {
  const to: Record<string, unknown> = {}
  for (const key in from) {
    if (key.startsWith('gen_ai.request.')) to[key] = from[key]
    else if (!isDialect(key)) to[key] = from[key]
  }
  if (operation.json === true) to[GEN_AI.outputType] = 'json'
  if (operation.kind === 'tool') {
    to[GEN_AI.toolName] = from['ai.toolCall.name']
    to[GEN_AI.toolCallId] = from['ai.toolCall.id']
    to[GEN_AI.toolType] = 'function'
    return to
  }
  if (operation.workflow !== undefined) to[GEN_AI.workflowName] = legacyFunctionIdOf(from) ?? operation.workflow
  if (finishReason !== undefined) to[GEN_AI.responseFinishReasons] = [toFinishReason(finishReason)]
  if (operation.kind === 'run') return to
  const maxTokens = countOf(from['ai.settings.maxOutputTokens']) ?? countOf(from['ai.settings.maxTokens'])
  if (maxTokens !== undefined) to[GEN_AI.requestMaxTokens] = maxTokens
  for (const [key, name] of SETTINGS) if (from[key] !== undefined && to[name] === undefined) to[name] = from[key]
  if (operation.streaming === true) to[GEN_AI.requestStream] = true
  const firstChunkMs = numberOf(from['ai.response.msToFirstChunk']) ?? numberOf(from['ai.stream.msToFirstChunk'])
  if (firstChunkMs !== undefined) to[GEN_AI.responseTimeToFirstChunk] = firstChunkMs / 1000
  const responseId = textOf(from[GEN_AI.responseId]) ?? textOf(from['ai.response.id'])
  if (responseId !== undefined) to[GEN_AI.responseId] = responseId
  return to
}

const SETTINGS = [
  ['ai.settings.temperature', GEN_AI.requestTemperature],
  ['ai.settings.topP', GEN_AI.requestTopP],
  ['ai.settings.topK', GEN_AI.requestTopK],
  ['ai.settings.frequencyPenalty', GEN_AI.requestFrequencyPenalty],
  ['ai.settings.presencePenalty', GEN_AI.requestPresencePenalty],
  ['ai.settings.stopSequences', GEN_AI.requestStopSequences],
  ['ai.settings.seed', GEN_AI.requestSeed],
] as const

// Names of the old dialect. Headers are dropped too: they hold the application's Authorization header.
function isDialect(key: string): boolean {
  return (
    key.startsWith('ai.') ||
    key.startsWith('gen_ai.') ||
    key === 'operation.name' ||
    key === 'resource.name' ||
    key === SPANLEDGER.observed
  )
}

function contentOf(from: Attributes, operation: LegacyOperation, parse?: ParseJson): ContentDraft {
  if (operation.kind === 'tool') {
    return { toolArguments: from['ai.toolCall.args'], toolResult: from['ai.toolCall.result'] }
  }
  const prompt =
    from['ai.prompt.messages'] === undefined
      ? promptOfCaller(from['ai.prompt'])
      : promptOfMessages(from['ai.prompt.messages'])
  return {
    ...prompt,
    outputMessages: outputOfLegacy(from),
    toolDefinitions: toolDefinitionsOfLegacy(from['ai.prompt.tools'], parse),
  }
}

function requestOf(from: Attributes): JsonObject | undefined {
  const toolChoice = objectOf(from['ai.prompt.toolChoice'])
  return toolChoice === undefined ? undefined : { toolChoice }
}
