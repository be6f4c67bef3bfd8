import type { Answer } from './answer.ts'
import { countOf, listOf, objectOf, stringOf, type Json, type JsonObject } from './json.ts'
import { responsesFailure, responsesFrames } from './openai-responses-stream.ts'
import { openaiError } from './openai-error.ts'
import type { Billed } from './provider-call.ts'
import type { OfferedTool, RequestReading, ToolChoice, Turn } from './provider-request.ts'
import { USUAL_COUNTS, type TokenCounts } from './token-counts.ts'
import type { WireDialect } from './wire-dialect.ts'

/** `POST /responses`. */
export const openaiResponses: WireDialect = {
  api: 'responses',
  read: readResponses,
  defaultUsage: () => USUAL_COUNTS,
  usage: responsesUsage,
  billed: responsesBilled,
  serviceTier: (asked) => (asked === undefined || asked === 'auto' ? 'default' : asked),
  responseId: (answer) => `resp_${answer.id}`,
  responseModel: (answer) => answer.model,
  toolCallId: (id) => `call_${id}`,
  answer: (answer) => finishedResponse(answer, outputItems(answer)),
  streaming: {
    frames: (answer) =>
      responsesFrames(answer, { items: outputItems(answer), open: openResponse, finish: finishedResponse }),
    failure: (answer, failure) => responsesFailure(failure, { open: openResponse(answer), usage: answer.usage }),
  },
  error: openaiError,
}

function readResponses(body: JsonObject): RequestReading {
  const input = stringOf(body.input)
  const format = objectOf(objectOf(body.text).format)
  return {
    model: stringOf(body.model) ?? '',
    stream: body.stream === true,
    turns:
      input === undefined ? listOf(body.input).map((item) => turnOf(objectOf(item))) : [{ role: 'user', text: input }],
    tools: listOf(body.tools).flatMap((tool) => offeredTool(objectOf(tool))),
    toolChoice: toolChoiceOf(body.tool_choice),
    outputSchema: outputSchemaOf(format),
    values: [],
    serviceTier: stringOf(body.service_tier),
  }
}

function outputSchemaOf(format: JsonObject): JsonObject | undefined {
  if (format.type === 'json_schema') return objectOf(format.schema)
  return format.type === 'json_object' ? { type: 'object' } : undefined
}

function turnOf(item: JsonObject): Turn {
  if (item.type === 'function_call_output') return { role: 'tool', text: stringOf(item.output) ?? '' }
  const text = listOf(item.content).flatMap((part) => stringOf(objectOf(part).text) ?? [])
  const role = item.role === 'developer' ? 'system' : item.role
  return {
    role: role === 'system' || role === 'user' ? role : 'assistant',
    text: stringOf(item.content) ?? text.join('\n'),
  }
}

function offeredTool(tool: JsonObject): readonly OfferedTool[] {
  const name = tool.type === 'function' ? stringOf(tool.name) : undefined
  return name === undefined ? [] : [{ name, schema: objectOf(tool.parameters) }]
}

function toolChoiceOf(choice: Json | undefined): ToolChoice {
  if (choice === 'none' || choice === 'required') return choice
  const name = stringOf(objectOf(choice).name)
  return name === undefined ? 'auto' : { name }
}

function responsesUsage(counts: TokenCounts): JsonObject {
  return {
    input_tokens: counts.inputTokens,
    input_tokens_details: { cached_tokens: counts.cacheReadTokens ?? 0, cache_write_tokens: counts.cacheWriteTokens },
    output_tokens: counts.outputTokens,
    output_tokens_details: { reasoning_tokens: counts.reasoningTokens ?? 0 },
    total_tokens: counts.inputTokens + counts.outputTokens,
  }
}

function responsesBilled(usage: JsonObject, serviceTier: string | undefined): Billed {
  const input = objectOf(usage.input_tokens_details)
  return {
    inputTokens: countOf(usage.input_tokens),
    outputTokens: countOf(usage.output_tokens),
    cacheReadTokens: countOf(input.cached_tokens),
    cacheWriteTokens: countOf(input.cache_write_tokens),
    cacheWrite1hTokens: undefined,
    reasoningTokens: countOf(objectOf(usage.output_tokens_details).reasoning_tokens),
    serviceTier,
    costUsd: undefined,
  }
}

/** The items of the answer, finished, in order. */
function outputItems(answer: Answer): readonly JsonObject[] {
  const { id, reasoning, text, toolCalls } = answer
  const summary = [{ type: 'summary_text', text: reasoning.join('') }]
  const content = [{ type: 'output_text', text: text.join(''), annotations: [], logprobs: [] }]
  return [
    ...(reasoning.length === 0 ? [] : [{ id: `rs_${id}`, type: 'reasoning', status: 'completed', summary }]),
    ...(text.length === 0
      ? []
      : [{ id: `msg_${id}`, type: 'message', status: 'completed', role: 'assistant', content }]),
    ...toolCalls.map((call, index) => ({
      id: `fc_${id}${index}`,
      type: 'function_call',
      status: 'completed',
      call_id: call.id,
      name: call.name,
      arguments: call.arguments,
    })),
  ]
}

function openResponse(answer: Answer): JsonObject {
  return {
    id: `resp_${answer.id}`,
    object: 'response',
    created_at: answer.createdAt,
    status: 'in_progress',
    error: null,
    incomplete_details: null,
    instructions: null,
    model: answer.model,
    output: [],
    parallel_tool_calls: true,
    previous_response_id: null,
    service_tier: answer.serviceTier,
    usage: null,
  }
}

function finishedResponse(answer: Answer, items: readonly JsonObject[]): JsonObject {
  const reason = incompleteReasonOf(answer.finishReason)
  return {
    ...openResponse(answer),
    status: reason === undefined ? 'completed' : 'incomplete',
    incomplete_details: reason === undefined ? null : { reason },
    output: items,
    usage: answer.usage,
  }
}

function incompleteReasonOf(finishReason: string): string | undefined {
  switch (finishReason) {
    case 'stop':
    case 'tool-calls':
      return undefined
    case 'length':
      return 'max_output_tokens'
    case 'content-filter':
      return 'content_filter'
    default:
      return finishReason
  }
}
