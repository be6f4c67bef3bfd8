import { type Call, type CallContent, callId, type CallStatus } from './call.ts'
import { mergeUsage } from './merge-usage.ts'
import { compareNullable, compareText, known, longest, lowest, mergeObject, mergeTags } from './merge-values.ts'

// Every group below is decided by what stands in the group itself, never by the rest of its version: a merged call
// holds values of several versions, so an order that looked outside would depend on which two met first. Each group
// keeps the greatest by a total order with "unknown" at the bottom, and so the whole is commutative, associative and
// idempotent. `compare` functions give a positive number when the first is to be kept.

const STATUS_RANK: Readonly<Record<CallStatus, number>> = {
  open: 0,
  abandoned: 1,
  crashed: 1,
  ok: 2,
  error: 2,
  aborted: 2,
}

/**
 * Joins two versions of one call: what is known beats NULL; an ended version's outcome beats an open one's; tokens and
 * the money they cost come from one version, the one with the better source; a re-priced cost outlives a redelivery.
 * What still differs is decided by comparing the values, so that any number of versions in any order and with any
 * repeats give the same call.
 */
export function mergeCall(a: Call, b: Call): Call {
  if (callId(a) !== callId(b)) throw new Error(`Calls ${callId(a)} and ${callId(b)} are not versions of one call`)
  return {
    trace_id: a.trace_id,
    span_id: a.span_id,
    ...mergePlace(a, b),
    ...mergeKind(a, b),
    operation: known(a.operation, b.operation),
    call_type: known(a.call_type, b.call_type),
    name: known(a.name, b.name),
    request_id: known(a.request_id, b.request_id),
    sdk: known(a.sdk, b.sdk),
    sdk_version: known(a.sdk_version, b.sdk_version),
    converter_version: known(a.converter_version, b.converter_version),
    service_name: known(a.service_name, b.service_name),
    environment: known(a.environment, b.environment),
    project_id: known(a.project_id, b.project_id),
    user_id: known(a.user_id, b.user_id),
    session_id: known(a.session_id, b.session_id),
    company_id: known(a.company_id, b.company_id),
    task_id: known(a.task_id, b.task_id),
    tags: mergeTags(a.tags, b.tags),
    metadata: mergeObject(a.metadata, b.metadata),
    provider: known(a.provider, b.provider),
    raw_provider: known(a.raw_provider, b.raw_provider),
    ...mergeModel(a, b),
    response_id: known(a.response_id, b.response_id),
    finish_reason: known(a.finish_reason, b.finish_reason),
    streaming: known(a.streaming, b.streaming),
    request: mergeObject(a.request, b.request),
    response_metadata: mergeObject(a.response_metadata, b.response_metadata),
    ...mergeUsage(a, b),
    started_at: Math.min(a.started_at, b.started_at),
    time_to_first_token_ms: lowest(a.time_to_first_token_ms, b.time_to_first_token_ms),
    tool_name: known(a.tool_name, b.tool_name),
    tool_call_id: known(a.tool_call_id, b.tool_call_id),
    tool_type: known(a.tool_type, b.tool_type),
    ...mergeOutcome(a, b),
    content: mergeContent(a.content, b.content),
  }
}

// Somebody who names another call as the run has seen more of the trace than somebody who names the call itself.
function mergePlace(a: Call, b: Call): Pick<Call, 'parent_span_id' | 'run_id'> {
  const seen = (call: Call): number => (call.run_id === call.span_id ? 0 : 1)
  const order = seen(a) - seen(b) || compareText(a.run_id, b.run_id)
  if (order !== 0) return order > 0 ? placeOf(a) : placeOf(b)
  return { run_id: a.run_id, parent_span_id: known(a.parent_span_id, b.parent_span_id) }
}

function placeOf(call: Call): Pick<Call, 'parent_span_id' | 'run_id'> {
  return { run_id: call.run_id, parent_span_id: call.parent_span_id }
}

function mergeKind(a: Call, b: Call): Pick<Call, 'kind' | 'billable'> {
  const order = a.billable - b.billable || compareText(a.kind, b.kind)
  const { kind, billable } = order < 0 ? b : a
  return { kind, billable }
}

// Until the answer names its model, `model` repeats what was asked for.
function mergeModel(a: Call, b: Call): Pick<Call, 'model' | 'request_model'> {
  const order = answered(a) - answered(b) || compareNullable(a.model, b.model)
  if (order !== 0) return modelOf(order > 0 ? a : b)
  return { model: a.model, request_model: known(a.request_model, b.request_model) }
}

function answered(call: Call): number {
  if (call.model === null) return 0
  return call.request_model === null || call.model === call.request_model ? 1 : 2
}

function modelOf(call: Call): Pick<Call, 'model' | 'request_model'> {
  return { model: call.model, request_model: call.request_model }
}

function mergeOutcome(
  a: Call,
  b: Call,
): Pick<Call, 'status' | 'ended_at' | 'duration_ms' | 'error_type' | 'error_message' | 'http_status'> {
  const order =
    STATUS_RANK[a.status] - STATUS_RANK[b.status] ||
    compareNullable(a.ended_at, b.ended_at) ||
    compareText(a.status, b.status)
  // A call that went well after all must not keep the error of the version that had given it up.
  const first = order < 0 ? b : a
  const second = order === 0 ? b : first
  return {
    status: first.status,
    ended_at: first.ended_at,
    duration_ms: known(first.duration_ms, second.duration_ms),
    error_type: known(first.error_type, second.error_type),
    error_message: known(first.error_message, second.error_message),
    http_status: known(first.http_status, second.http_status),
  }
}

function mergeContent(a: CallContent | null, b: CallContent | null): CallContent | null {
  if (a === null || b === null) return a ?? b
  return {
    question: longest(a.question, b.question),
    system_prompt: longest(a.system_prompt, b.system_prompt),
    input_messages: known(a.input_messages, b.input_messages),
    output_messages: known(a.output_messages, b.output_messages),
    answer: longest(a.answer, b.answer),
    tool_definitions: known(a.tool_definitions, b.tool_definitions),
    tool_arguments: known(a.tool_arguments, b.tool_arguments),
    tool_result: known(a.tool_result, b.tool_result),
    lengths: mergeObject(a.lengths, b.lengths),
  }
}
