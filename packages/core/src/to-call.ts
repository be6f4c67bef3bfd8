import { type Attributes, countOf, jsonOf, numberOf, objectOf, textOf, textsOf } from './attribute-values.ts'
import { CORE, GEN_AI, SPANLEDGER } from './attributes.ts'
import {
  type Call,
  type CallContent,
  type CallKind,
  type CallStatus,
  type CostSource,
  type UsageSource,
} from './call.ts'
import { answerOf, questionOf, systemPromptOf } from './content/content-text.ts'
import { msBetween, type SpanLike, toEpochMs } from './span-like.ts'
import { uniteTags } from './who.ts'

/**
 * The row of a converted span; nothing for any other span. Reads only the vocabulary that `toGenAI` writes.
 * A span without `spanledger.run_id` arrived raw: its parent is taken as it is, and `settleTrace` finds run and parent.
 */
export function toCall(span: SpanLike): Call | undefined {
  const from = span.attributes
  const kind = textOf(from[SPANLEDGER.kind]) as CallKind | undefined // written by `toGenAI`
  if (kind === undefined) return undefined
  const resource = span.resource?.attributes ?? {}
  const who = whoColumns(from, resource)
  return {
    ...identity(span, from),
    kind,
    billable: from[SPANLEDGER.billable] === true ? 1 : 0,
    operation: textOf(from[SPANLEDGER.operation]) ?? null,
    call_type: textOf(from[SPANLEDGER.callType]) ?? textOf(from[GEN_AI.operationName])?.toUpperCase() ?? null,
    name: span.name,
    request_id: textOf(from[SPANLEDGER.requestId]) ?? null,
    sdk: textOf(from[SPANLEDGER.sdk]) ?? null,
    sdk_version: textOf(from[SPANLEDGER.sdkVersion]) ?? null,
    converter_version: textOf(from[SPANLEDGER.converterVersion]) ?? null,
    service_name: textOf(resource['service.name']) ?? null,
    environment: textOf(resource['deployment.environment.name']) ?? textOf(resource['deployment.environment']) ?? null,
    ...who,
    ...modelColumns(from, kind),
    ...tokenColumns(from, kind),
    ...moneyColumns(from),
    ...timeColumns(span, from),
    tool_name: kind === 'tool' ? (textOf(from[GEN_AI.toolName]) ?? null) : null,
    tool_call_id: kind === 'tool' ? (textOf(from[GEN_AI.toolCallId]) ?? null) : null,
    tool_type: kind === 'tool' ? (textOf(from[GEN_AI.toolType]) ?? null) : null,
    ...outcomeColumns(span, from),
    content: contentOf(from),
  }
}

function identity(span: SpanLike, from: Attributes): Pick<Call, 'trace_id' | 'span_id' | 'parent_span_id' | 'run_id'> {
  const { traceId, spanId } = span.spanContext()
  const runId = textOf(from[SPANLEDGER.runId])
  const parentId = runId === undefined ? rawParentOf(span) : textOf(from[SPANLEDGER.parentId])
  return { trace_id: traceId, span_id: spanId, parent_span_id: parentId ?? null, run_id: runId ?? spanId }
}

function rawParentOf(span: SpanLike): string | undefined {
  return textOf(span.parentSpanContext?.spanId) ?? textOf(span.parentSpanId)
}

function whoColumns(
  from: Attributes,
  resource: Attributes,
): Pick<Call, 'project_id' | 'user_id' | 'session_id' | 'company_id' | 'task_id' | 'tags' | 'metadata'> {
  const tags = textsOf(from[SPANLEDGER.tags])
  return {
    project_id: textOf(from[SPANLEDGER.projectId]) ?? textOf(resource[SPANLEDGER.projectId]) ?? null,
    user_id: textOf(from[CORE.userId]) ?? textOf(from[CORE.endUserId]) ?? textOf(resource[CORE.userId]) ?? null,
    session_id:
      textOf(from[CORE.sessionId]) ?? textOf(from[GEN_AI.conversationId]) ?? textOf(resource[CORE.sessionId]) ?? null,
    company_id: textOf(from[SPANLEDGER.companyId]) ?? textOf(resource[SPANLEDGER.companyId]) ?? null,
    task_id: textOf(from[SPANLEDGER.taskId]) ?? null,
    tags: tags === undefined ? null : (uniteTags(tags, []) ?? null),
    metadata: objectOf(from[SPANLEDGER.metadata]) ?? null,
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
  const requestModel = textOf(from[GEN_AI.requestModel]) ?? textOf(from[SPANLEDGER.requestModel])
  return {
    provider: textOf(from[GEN_AI.providerName]) ?? null,
    raw_provider: textOf(from[SPANLEDGER.rawProvider]) ?? null,
    model: textOf(from[GEN_AI.responseModel]) ?? requestModel ?? null,
    request_model: requestModel ?? null,
    response_id: textOf(from[GEN_AI.responseId]) ?? null,
    finish_reason: textsOf(from[GEN_AI.responseFinishReasons])?.[0] ?? null,
    streaming: kind === 'model' || kind === 'transcription' ? (from[GEN_AI.requestStream] === true ? 1 : 0) : null,
    request: requestOf(from),
    response_metadata: objectOf(from[SPANLEDGER.responseMetadata]) ?? null,
  }
}

// Attribute and the key it gets in column `request`.
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
  const request: Record<string, NonNullable<Call['request']>[string]> = { ...objectOf(from[SPANLEDGER.request]) }
  for (const [attribute, key] of REQUEST_SETTINGS) {
    const value = textOf(from[attribute]) ?? numberOf(from[attribute])
    if (value !== undefined) request[key] = value
  }
  const stopSequences = textsOf(from[GEN_AI.requestStopSequences])
  if (stopSequences !== undefined) request['stopSequences'] = stopSequences
  return Object.keys(request).length > 0 ? request : null
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
  const source = textOf(from[SPANLEDGER.usageSource]) as UsageSource | undefined // written by `toGenAI`
  return {
    input_tokens: input,
    output_tokens: output,
    total_tokens: kind === 'embedding' ? input : input === null || output === null ? null : input + output,
    cache_read_tokens: countOf(from[GEN_AI.cacheReadTokens]) ?? null,
    cache_write_tokens: countOf(from[GEN_AI.cacheWriteTokens]) ?? countOf(from[GEN_AI.cacheCreationTokens]) ?? null,
    reasoning_tokens: countOf(from[GEN_AI.reasoningTokens]) ?? null,
    usage_details: objectOf(from[SPANLEDGER.usageDetails]) ?? null,
    service_tier: textOf(from[SPANLEDGER.serviceTier]) ?? null,
    usage_source: source ?? (input === null && output === null ? 'none' : 'span'),
  }
}

function moneyColumns(
  from: Attributes,
): Pick<
  Call,
  | 'cost_nano_usd'
  | 'cost_source'
  | 'cost_flags'
  | 'cost_reason'
  | 'price_version'
  | 'previous_cost_nano_usd'
  | 'repriced_at'
> {
  return {
    cost_nano_usd: countOf(from[SPANLEDGER.costNanoUsd]) ?? null,
    cost_source: (textOf(from[SPANLEDGER.costSource]) as CostSource | undefined) ?? null, // written by `toGenAI`
    cost_flags: textsOf(from[SPANLEDGER.costFlags]) ?? null,
    cost_reason: textOf(from[SPANLEDGER.costReason]) ?? null,
    price_version: textOf(from[SPANLEDGER.priceVersion]) ?? null,
    previous_cost_nano_usd: null,
    repriced_at: null,
  }
}

function timeColumns(
  span: SpanLike,
  from: Attributes,
): Pick<Call, 'started_at' | 'ended_at' | 'duration_ms' | 'time_to_first_token_ms'> {
  const firstChunk = numberOf(from[GEN_AI.responseTimeToFirstChunk])
  const toolTimeMs = numberOf(from[SPANLEDGER.toolTimeMs]) ?? 0
  return {
    started_at: Math.max(0, toEpochMs(span.startTime)),
    ended_at: Math.max(0, toEpochMs(span.endTime)),
    duration_ms: Math.max(0, toMicroseconds(msBetween(span.startTime, span.endTime) - toolTimeMs)),
    time_to_first_token_ms: firstChunk === undefined || firstChunk < 0 ? null : toMicroseconds(firstChunk * 1000),
  }
}

// Whole microseconds, so that a time does not come out of JSON or another clock's arithmetic as 0.1 + 0.2.
function toMicroseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000
}

function outcomeColumns(
  span: SpanLike,
  from: Attributes,
): Pick<Call, 'status' | 'error_type' | 'error_message' | 'http_status'> {
  const status = textOf(from[SPANLEDGER.status]) as CallStatus | undefined // written by `toGenAI`
  const exception = span.events.find((event) => event.name === 'exception')?.attributes
  return {
    status: status ?? (span.status.code === 2 ? 'error' : 'ok'),
    error_type: textOf(from[CORE.errorType]) ?? null,
    error_message: textOf(exception?.['exception.message']) ?? textOf(span.status.message) ?? null,
    http_status: countOf(from[CORE.httpStatus]) ?? null,
  }
}

function contentOf(from: Attributes): CallContent | null {
  const lengths = objectOf(from[SPANLEDGER.contentLengths])
  const inputMessages = jsonOf(from[GEN_AI.inputMessages]) ?? null
  const outputMessages = jsonOf(from[GEN_AI.outputMessages]) ?? null
  const systemInstructions = jsonOf(from[GEN_AI.systemInstructions]) ?? null
  const content: CallContent = {
    question: questionOf(inputMessages) ?? null,
    system_prompt: systemPromptOf(systemInstructions) ?? null,
    input_messages: inputMessages,
    output_messages: outputMessages,
    answer: answerOf(outputMessages) ?? null,
    tool_definitions: jsonOf(from[GEN_AI.toolDefinitions]) ?? null,
    tool_arguments: jsonOf(from[GEN_AI.toolArguments]) ?? null,
    tool_result: jsonOf(from[GEN_AI.toolResult]) ?? null,
    lengths: lengths ?? null,
  }
  return Object.values(content).some((value) => value !== null) ? content : null
}
