import { type Call, type CallContent, type Json, type JsonObject } from '@spanledger/core'
import * as fc from 'fast-check'

/** How wild the values are: `few` of each, so that versions often agree and often differ; or `any`. */
export interface CallValues {
  readonly text: fc.Arbitrary<string>
  readonly count: fc.Arbitrary<number>
  readonly json: fc.Arbitrary<JsonObject>
}

export const FEW: CallValues = {
  text: fc.constantFrom('a', 'b', 'gpt-5'),
  count: fc.constantFrom(0, 9, 10),
  json: fc.dictionary(fc.constantFrom('x', 'y', '__proto__'), fc.constantFrom<Json[]>(null, 1, 'a', [1], { z: 1 }), {
    maxKeys: 2,
  }),
}

export const ANY: CallValues = {
  // Databases take no NUL; a test of its own says what becomes of it.
  text: fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\0', '')),
  count: fc.maxSafeNat(),
  // JSON knows no -0, so it could not come back.
  json: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })).map((value) => JSON.parse(JSON.stringify(value))),
}

/** Versions of one call, or calls of one trace: the ids come from short lists. */
export function anyCall({ text, count, json }: CallValues, spanIds = ['b7ad6b7169203331']): fc.Arbitrary<Call> {
  const nullable = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null, freq: 2 })
  const time = fc.nat(3)
  const otherIds = fc.constantFrom('b7ad6b7169203331', '00f067aa0ba902b7', '53995c3f42cd8ad8')
  return fc.record<Call>({
    trace_id: fc.constant('0af7651916cd43dd8448eb211c80319c'),
    span_id: fc.constantFrom(...spanIds),
    parent_span_id: nullable(otherIds),
    run_id: otherIds,
    kind: fc.constantFrom('run', 'model', 'tool'),
    billable: fc.constantFrom(0, 1),
    operation: nullable(text),
    call_type: nullable(text),
    name: nullable(text),
    request_id: nullable(text),
    sdk: nullable(text),
    sdk_version: nullable(text),
    converter_version: nullable(text),
    service_name: nullable(text),
    environment: nullable(text),
    project_id: nullable(text),
    user_id: nullable(text),
    session_id: nullable(text),
    company_id: nullable(text),
    task_id: nullable(text),
    tags: nullable(fc.uniqueArray(text, { maxLength: 3 })),
    metadata: nullable(json),
    provider: nullable(text),
    raw_provider: nullable(text),
    model: nullable(text),
    request_model: nullable(text),
    response_id: nullable(text),
    finish_reason: nullable(text),
    streaming: nullable(fc.constantFrom(0, 1)),
    request: nullable(json),
    response_metadata: nullable(json),
    input_tokens: nullable(count),
    output_tokens: nullable(count),
    total_tokens: nullable(count),
    cache_read_tokens: nullable(count),
    cache_write_tokens: nullable(count),
    reasoning_tokens: nullable(count),
    usage_details: nullable(json),
    service_tier: nullable(text),
    usage_source: fc.constantFrom('span', 'provider_metadata', 'observed', 'reported', 'none'),
    cost_nano_usd: nullable(count),
    cost_source: nullable(fc.constantFrom('provider', 'custom', 'list', 'reported')),
    cost_flags: nullable(fc.array(text, { maxLength: 2 })),
    cost_reason: nullable(text),
    price_version: nullable(text),
    previous_cost_nano_usd: nullable(count),
    repriced_at: nullable(time),
    started_at: time,
    ended_at: nullable(time),
    duration_ms: nullable(fc.constantFrom(0, 0.5, 3)),
    time_to_first_token_ms: nullable(fc.constantFrom(0, 0.5, 3)),
    tool_name: nullable(text),
    tool_call_id: nullable(text),
    tool_type: nullable(text),
    status: fc.constantFrom('ok', 'error', 'aborted', 'abandoned', 'crashed', 'open'),
    error_type: nullable(text),
    error_message: nullable(text),
    http_status: nullable(count),
    content: nullable(anyContent({ text, count, json })),
  })
}

function anyContent({ text, json }: CallValues): fc.Arbitrary<CallContent> {
  const nullable = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null, freq: 2 })
  const messages = nullable(fc.array(json, { maxLength: 2 }))
  return fc.record<CallContent>({
    question: nullable(text),
    system_prompt: nullable(text),
    input_messages: messages,
    output_messages: messages,
    answer: nullable(text),
    tool_definitions: messages,
    tool_arguments: nullable(json),
    tool_result: nullable(fc.oneof(json, text)),
    lengths: nullable(json),
  })
}
