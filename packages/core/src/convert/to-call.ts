import { type Attributes, countOf, httpStatusOf, numberOf, textOf } from '../json/attribute-values.ts'
import { CORE, GEN_AI, SPANLEDGER } from '../vocabulary/attributes.ts'
import type { Call, CallContent } from '../call/call.ts'
import { type CallKind, callKindOf } from '../call/call-words.ts'
import { CALL_COLUMNS } from '../call/column-table.ts'
import { cutName, epochMsOf, factsOf, nameOf, namesOf, contentValueOf } from '../span/column-values.ts'
import { answerOf, questionOf, systemPromptOf } from '../content/content-text.ts'
import { harmlessSpan } from '../span/harmless-span.ts'
import { toProviderName } from '../vocabulary/provider-names.ts'
import { msBetween, type SpanLike } from '../span/span-like.ts'
import { resourceAttributesOf } from '../span/resource-attributes.ts'
import { uniteTags } from '../call/attribution.ts'

/**
 * Converts a converted span to its row; undefined for any other span. Reads only the vocabulary that `toGenAI` writes.
 * A span without `spanledger.run_id` is raw: it keeps its direct parent, and `settleTrace` finds run and parent later.
 * Never throws: a value that does not fit its column becomes NULL, and a long text is cut.
 */
export function toCall(span: SpanLike): Call | undefined {
  try {
    return callOf(span)
  } catch {
    // A value that was passed through throws when read.
    return callOf(harmlessSpan(span))
  }
}

// One literal with all columns: assembling a row from parts takes several times as long, and so does copying it.
function callOf(span: SpanLike): Call | undefined {
  const from = span.attributes
  const kind = callKindOf(from[SPANLEDGER.kind])
  if (kind === undefined) return undefined
  const resource = resourceAttributesOf(span)
  const identity = identityOf(span, from)
  const attribution = attributionColumns(from, resource)
  const model = modelColumns(from, kind)
  const tokens = tokenColumns(from, kind)
  const time = timeColumns(span, from)
  const outcome = outcomeColumns(span, from)
  const isTool = kind === 'tool'
  return {
    trace_id: identity.trace_id,
    span_id: identity.span_id,
    parent_span_id: identity.parent_span_id,
    run_id: identity.run_id,
    kind,
    billable: from[SPANLEDGER.billable] === true ? 1 : 0,
    operation: nameOf(from[SPANLEDGER.operation]) ?? null,
    call_type: nameOf(from[SPANLEDGER.callType]) ?? nameOf(from[GEN_AI.operationName])?.toUpperCase() ?? null,
    name: cutName(span.name),
    request_id: nameOf(from[SPANLEDGER.requestId]) ?? null,
    sdk: nameOf(from[SPANLEDGER.sdk]) ?? null,
    sdk_version: nameOf(from[SPANLEDGER.sdkVersion]) ?? null,
    converter_version: nameOf(from[SPANLEDGER.converterVersion]) ?? null,
    service_name: nameOf(resource['service.name']) ?? null,
    environment: nameOf(resource['deployment.environment.name']) ?? nameOf(resource['deployment.environment']) ?? null,
    project_id: attribution.project_id,
    user_id: attribution.user_id,
    session_id: attribution.session_id,
    company_id: attribution.company_id,
    task_id: attribution.task_id,
    tags: attribution.tags,
    metadata: attribution.metadata,
    provider: model.provider,
    raw_provider: model.raw_provider,
    model: model.model,
    request_model: model.request_model,
    response_id: model.response_id,
    finish_reason: model.finish_reason,
    streaming: model.streaming,
    request: model.request,
    response_metadata: model.response_metadata,
    input_tokens: tokens.input_tokens,
    output_tokens: tokens.output_tokens,
    total_tokens: tokens.total_tokens,
    cache_read_tokens: tokens.cache_read_tokens,
    cache_write_tokens: tokens.cache_write_tokens,
    reasoning_tokens: tokens.reasoning_tokens,
    usage_details: tokens.usage_details,
    service_tier: tokens.service_tier,
    usage_source: tokens.usage_source,
    cost_nano_usd: countOf(from[SPANLEDGER.costNanoUsd]) ?? null,
    cost_source: CALL_COLUMNS.cost_source.parse(from[SPANLEDGER.costSource]) ?? null,
    cost_flags: namesOf(from[SPANLEDGER.costFlags]) ?? null,
    cost_reason: nameOf(from[SPANLEDGER.costReason]) ?? null,
    price_version: nameOf(from[SPANLEDGER.priceVersion]) ?? null,
    previous_cost_nano_usd: null,
    repriced_at: null,
    started_at: time.started_at,
    ended_at: time.ended_at,
    duration_ms: time.duration_ms,
    time_to_first_token_ms: time.time_to_first_token_ms,
    tool_name: isTool ? (nameOf(from[GEN_AI.toolName]) ?? null) : null,
    tool_call_id: isTool ? (nameOf(from[GEN_AI.toolCallId]) ?? null) : null,
    tool_type: isTool ? (nameOf(from[GEN_AI.toolType]) ?? null) : null,
    status: outcome.status,
    error_type: outcome.error_type,
    error_message: outcome.error_message,
    http_status: outcome.http_status,
    content: contentOf(from),
  }
}

function identityOf(
  span: SpanLike,
  from: Attributes,
): Pick<Call, 'trace_id' | 'span_id' | 'parent_span_id' | 'run_id'> {
  const context = span.spanContext()
  // An invalid id is kept, so that the store rejects and counts it.
  const traceId = textOf(context.traceId) ?? ''
  const spanId = textOf(context.spanId) ?? ''
  const runId = spanIdOf(from[SPANLEDGER.runId])
  const parentId = runId === undefined ? rawParentOf(span) : spanIdOf(from[SPANLEDGER.parentId])
  return { trace_id: traceId, span_id: spanId, parent_span_id: parentId ?? null, run_id: runId ?? spanId }
}

function rawParentOf(span: SpanLike): string | undefined {
  return spanIdOf(span.parentSpanContext?.spanId) ?? spanIdOf(span.parentSpanId)
}

function spanIdOf(value: unknown): string | undefined {
  return CALL_COLUMNS.run_id.parse(value)
}

function attributionColumns(
  from: Attributes,
  resource: Attributes,
): Pick<Call, 'project_id' | 'user_id' | 'session_id' | 'company_id' | 'task_id' | 'tags' | 'metadata'> {
  const tags = namesOf(from[SPANLEDGER.tags])
  return {
    project_id: nameOf(from[SPANLEDGER.projectId]) ?? nameOf(resource[SPANLEDGER.projectId]) ?? null,
    user_id: nameOf(from[CORE.userId]) ?? nameOf(from[CORE.endUserId]) ?? nameOf(resource[CORE.userId]) ?? null,
    session_id:
      nameOf(from[CORE.sessionId]) ?? nameOf(from[GEN_AI.conversationId]) ?? nameOf(resource[CORE.sessionId]) ?? null,
    company_id: nameOf(from[SPANLEDGER.companyId]) ?? nameOf(resource[SPANLEDGER.companyId]) ?? null,
    task_id: nameOf(from[SPANLEDGER.taskId]) ?? null,
    tags: tags === undefined ? null : (uniteTags(tags, []) ?? null),
    metadata: factsOf(from[SPANLEDGER.metadata]) ?? null,
  }
}

function modelColumns(
  from: Attributes,
  kind: CallKind,
): Pick<
  Call,
  | 'provider'
  | 'raw_provider'
  | 'model'
  | 'request_model'
  | 'response_id'
  | 'finish_reason'
  | 'streaming'
  | 'request'
  | 'response_metadata'
> {
  const requestModel = nameOf(from[GEN_AI.requestModel]) ?? nameOf(from[SPANLEDGER.requestModel])
  const rawProvider = nameOf(from[SPANLEDGER.rawProvider])
  // The span of a run names no provider, because backends would mistake it for a model call.
  const named = kind === 'run' && rawProvider !== undefined ? toProviderName(rawProvider, requestModel) : undefined
  return {
    provider: nameOf(from[GEN_AI.providerName]) ?? named ?? null,
    raw_provider: rawProvider ?? null,
    model: nameOf(from[GEN_AI.responseModel]) ?? requestModel ?? null,
    request_model: requestModel ?? null,
    response_id: nameOf(from[GEN_AI.responseId]) ?? null,
    finish_reason: namesOf(from[GEN_AI.responseFinishReasons])?.[0] ?? null,
    streaming: kind === 'model' || kind === 'transcription' ? (from[GEN_AI.requestStream] === true ? 1 : 0) : null,
    request: requestOf(from),
    response_metadata: factsOf(from[SPANLEDGER.responseMetadata]) ?? null,
  }
}

// Attribute, and its key in column `request`.
const REQUEST_SETTINGS = [
  [GEN_AI.requestTemperature, 'temperature'],
  [GEN_AI.requestTopP, 'topP'],
  [GEN_AI.requestTopK, 'topK'],
  [GEN_AI.requestMaxTokens, 'maxTokens'],
  [GEN_AI.requestFrequencyPenalty, 'frequencyPenalty'],
  [GEN_AI.requestPresencePenalty, 'presencePenalty'],
  [GEN_AI.requestSeed, 'seed'],
  [GEN_AI.outputType, 'outputType'],
] as const

function requestOf(from: Attributes): Call['request'] {
  const reported = factsOf(from[SPANLEDGER.request])
  // Most calls set nothing.
  let request: Record<string, NonNullable<Call['request']>[string]> | undefined = reported && { ...reported }
  for (const [attribute, key] of REQUEST_SETTINGS) {
    const setting = from[attribute]
    const value = setting === undefined ? undefined : (nameOf(setting) ?? numberOf(setting))
    if (value !== undefined) (request ??= {})[key] = value
  }
  const stopSequences = namesOf(from[GEN_AI.requestStopSequences])
  if (stopSequences !== undefined) (request ??= {})['stopSequences'] = stopSequences
  return request !== undefined && Object.keys(request).length > 0 ? request : null
}

function tokenColumns(
  from: Attributes,
  kind: CallKind,
): Pick<
  Call,
  | 'input_tokens'
  | 'output_tokens'
  | 'total_tokens'
  | 'cache_read_tokens'
  | 'cache_write_tokens'
  | 'reasoning_tokens'
  | 'usage_details'
  | 'service_tier'
  | 'usage_source'
> {
  const input = countOf(from[GEN_AI.inputTokens]) ?? null
  const output = countOf(from[GEN_AI.outputTokens]) ?? null
  const source = CALL_COLUMNS.usage_source.parse(from[SPANLEDGER.usageSource])
  return {
    input_tokens: input,
    output_tokens: output,
    total_tokens: kind === 'embedding' ? input : sumOf(input, output),
    cache_read_tokens: countOf(from[GEN_AI.cacheReadTokens]) ?? null,
    cache_write_tokens: countOf(from[GEN_AI.cacheWriteTokens]) ?? countOf(from[GEN_AI.cacheCreationTokens]) ?? null,
    reasoning_tokens: countOf(from[GEN_AI.reasoningTokens]) ?? null,
    usage_details: factsOf(from[SPANLEDGER.usageDetails]) ?? null,
    service_tier: nameOf(from[SPANLEDGER.serviceTier]) ?? null,
    usage_source: source ?? (input === null && output === null ? 'none' : 'span'),
  }
}

function sumOf(input: number | null, output: number | null): number | null {
  return input === null || output === null ? null : (countOf(input + output) ?? null)
}

function timeColumns(
  span: SpanLike,
  from: Attributes,
): Pick<Call, 'started_at' | 'ended_at' | 'duration_ms' | 'time_to_first_token_ms'> {
  const startedAt = epochMsOf(span.startTime)
  const endedAt = epochMsOf(span.endTime)
  const tookMs =
    startedAt === undefined || endedAt === undefined || endedAt < startedAt
      ? undefined
      : msBetween(span.startTime, span.endTime)
  const toolTimeMs = Math.max(0, numberOf(from[SPANLEDGER.toolTimeMs]) ?? 0)
  const firstChunkMs = (numberOf(from[GEN_AI.responseTimeToFirstChunk]) ?? -1) * 1000
  return {
    // Without a clock of our own, an invalid start time is replaced by the end time.
    started_at: startedAt ?? endedAt ?? 0,
    ended_at: endedAt ?? null,
    duration_ms: tookMs === undefined ? null : Math.max(0, toMicroseconds(tookMs - toolTimeMs)),
    time_to_first_token_ms: firstChunkMs >= 0 && firstChunkMs <= LONGEST_MS ? toMicroseconds(firstChunkMs) : null,
  }
}

// A year; a longer wait for the first token was measured wrongly.
const LONGEST_MS = 31_536_000_000

// Whole microseconds, so that JSON and clock arithmetic produce no 0.30000000000000004.
function toMicroseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000
}

function outcomeColumns(
  span: SpanLike,
  from: Attributes,
): Pick<Call, 'status' | 'error_type' | 'error_message' | 'http_status'> {
  const exception = span.events.find((event) => event.name === 'exception')?.attributes
  const message = textOf(exception?.['exception.message']) ?? textOf(span.status.message)
  return {
    status: CALL_COLUMNS.status.parse(from[SPANLEDGER.status]) ?? (span.status.code === 2 ? 'error' : 'ok'),
    error_type: nameOf(from[CORE.errorType]) ?? null,
    error_message: cutName(message, LONGEST_MESSAGE) ?? null,
    http_status: httpStatusOf(from[CORE.httpStatus]) ?? null,
  }
}

const LONGEST_MESSAGE = 16_384

function contentOf(from: Attributes): CallContent | null {
  const lengths = factsOf(from[SPANLEDGER.contentLengths])
  const inputMessages = contentValueOf(from[GEN_AI.inputMessages]) ?? null
  const outputMessages = contentValueOf(from[GEN_AI.outputMessages]) ?? null
  const systemInstructions = contentValueOf(from[GEN_AI.systemInstructions]) ?? null
  const content: CallContent = {
    question: questionOf(inputMessages) ?? null,
    system_prompt: systemPromptOf(systemInstructions) ?? null,
    input_messages: inputMessages,
    output_messages: outputMessages,
    answer: answerOf(outputMessages) ?? null,
    tool_definitions: contentValueOf(from[GEN_AI.toolDefinitions]) ?? null,
    tool_arguments: contentValueOf(from[GEN_AI.toolArguments]) ?? null,
    tool_result: contentValueOf(from[GEN_AI.toolResult]) ?? null,
    lengths: lengths ?? null,
  }
  for (const name in content) if (content[name as keyof CallContent] !== null) return content // an own key of `content`
  return null
}
