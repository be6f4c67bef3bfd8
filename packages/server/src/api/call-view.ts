import { callId, type CallContent } from '@spanledger/core'
import type { StoredCall } from '@spanledger/store'
import type { CallContentView, CallView } from './schemas/call.ts'
import { toUsd } from './schemas/number.ts'

/** Converts a call for the API, without its content. */
export function toCallView(call: StoredCall): CallView {
  return {
    id: callId(call),
    traceId: call.trace_id,
    spanId: call.span_id,
    parentSpanId: call.parent_span_id,
    runId: call.run_id,
    ...whatOf(call),
    ...whoOf(call),
    ...modelOf(call),
    ...moneyOf(call),
    startedAt: call.started_at,
    endedAt: call.ended_at,
    durationMs: call.duration_ms,
    timeToFirstTokenMs: call.time_to_first_token_ms,
    toolName: call.tool_name,
    toolCallId: call.tool_call_id,
    toolType: call.tool_type,
    status: call.status,
    errorType: call.error_type,
    errorMessage: call.error_message,
    httpStatus: call.http_status,
    createdAt: call.created_at,
    ingestSeq: call.ingest_seq,
  }
}

/** Converts the content of a call for the API. */
export function toContentView(content: CallContent): CallContentView {
  const hasMessages = content.input_messages !== null || content.output_messages !== null
  return {
    question: content.question,
    systemPrompt: content.system_prompt,
    messages: hasMessages ? { input: content.input_messages, output: content.output_messages } : null,
    answer: content.answer,
    toolDefinitions: content.tool_definitions,
    arguments: content.tool_arguments,
    result: content.tool_result,
    lengths: content.lengths,
  }
}

function whatOf(call: StoredCall) {
  return {
    // Steps are folded into their run and never stored.
    kind: call.kind === 'step' ? ('run' as const) : call.kind,
    billable: call.billable,
    operation: call.operation,
    callType: call.call_type,
    name: call.name,
    requestId: call.request_id,
    sdk: call.sdk,
    sdkVersion: call.sdk_version,
    converterVersion: call.converter_version,
    serviceName: call.service_name,
    environment: call.environment,
  }
}

function whoOf(call: StoredCall) {
  return {
    projectId: call.project_id,
    userId: call.user_id,
    sessionId: call.session_id,
    companyId: call.company_id,
    taskId: call.task_id,
    tags: call.tags === null ? null : [...call.tags],
    metadata: call.metadata,
  }
}

function modelOf(call: StoredCall) {
  return {
    provider: call.provider,
    rawProvider: call.raw_provider,
    model: call.model,
    requestModel: call.request_model,
    responseId: call.response_id,
    finishReason: call.finish_reason,
    streaming: call.streaming,
    request: call.request,
    responseMetadata: call.response_metadata,
    inputTokens: call.input_tokens,
    outputTokens: call.output_tokens,
    totalTokens: call.total_tokens,
    cacheReadTokens: call.cache_read_tokens,
    cacheWriteTokens: call.cache_write_tokens,
    reasoningTokens: call.reasoning_tokens,
    usageDetails: call.usage_details,
    serviceTier: call.service_tier,
    usageSource: call.usage_source,
  }
}

function moneyOf(call: StoredCall) {
  return {
    costNanoUsd: call.cost_nano_usd,
    costUsd: toUsd(call.cost_nano_usd),
    costSource: call.cost_source,
    costFlags: call.cost_flags === null ? null : [...call.cost_flags],
    costReason: call.cost_reason,
    priceVersion: call.price_version,
    previousCostNanoUsd: call.previous_cost_nano_usd,
    repricedAt: call.repriced_at,
  }
}
