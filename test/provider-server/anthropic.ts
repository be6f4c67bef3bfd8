import type { Answer } from './answer.ts'
import { anthropicFailure, anthropicFrames } from './anthropic-stream.ts'
import { countOf, listOf, objectOf, parseJson, stringOf, type Json, type JsonObject } from './json.ts'
import { quoteMalformed } from './quote-malformed.ts'
import type { Billed } from './provider-call.ts'
import type { RequestReading, ToolChoice, Turn } from './provider-request.ts'
import { sumOf, type TokenCounts } from './token-counts.ts'
import type { WireDialect } from './wire-dialect.ts'

const STOP_REASONS: Readonly<Record<string, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  'content-filter': 'refusal',
  'tool-calls': 'tool_use',
}

const ERROR_TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  529: 'overloaded_error',
}

/** `POST /messages`. */
export const anthropicMessages: WireDialect = {
  api: 'messages',
  read: readMessages,
  // On the wire: 50 uncached, 20 written for 5 minutes, 30 read.
  defaultUsage: () => ({ inputTokens: 100, cacheReadTokens: 30, cacheWriteTokens: 20, outputTokens: 40 }),
  usage: (counts, answer) => messagesUsage(counts, answer.serviceTier),
  billed: messagesBilled,
  serviceTier: () => 'standard',
  responseId: (answer) => `msg_${answer.id}`,
  responseModel: (answer) => answer.model,
  toolCallId: (id) => `toolu_${id}`,
  // A stream carries arguments as text, a whole answer as an object.
  toolArguments: (text, request) => (request.stream ? text : quoteMalformed(text)),
  answer: (answer) => message(answer),
  streaming: {
    frames: (answer) => anthropicFrames(answer, { message: message(answer), stopReason: stopReasonOf(answer) }),
    failure: (answer, failure) => anthropicFailure(answer, failure, stopReasonOf(answer)),
  },
  error: anthropicError,
}

function readMessages(body: JsonObject): RequestReading {
  const system = stringOf(body.system) ?? textOfParts(body.system)
  const format = objectOf(objectOf(body.output_config).format ?? body.output_format)
  return {
    model: stringOf(body.model) ?? '',
    stream: body.stream === true,
    turns: [{ role: 'system', text: system }, ...listOf(body.messages).flatMap((item) => turnsOf(objectOf(item)))],
    tools: listOf(body.tools).flatMap((tool) => {
      const { name, input_schema: schema } = objectOf(tool)
      return typeof name === 'string' && schema !== undefined ? [{ name, schema: objectOf(schema) }] : []
    }),
    toolChoice: toolChoiceOf(objectOf(body.tool_choice)),
    outputSchema: format.type === 'json_schema' ? objectOf(format.schema) : undefined,
    values: [],
    serviceTier: stringOf(body.service_tier),
  }
}

// Tool results come in the user's name, sometimes in one message with what the user says next.
function turnsOf(message: JsonObject): readonly Turn[] {
  const text = stringOf(message.content) ?? textOfParts(message.content)
  if (message.role !== 'user') return [{ role: message.role === 'system' ? 'system' : 'assistant', text }]
  const results = listOf(message.content).filter((part) => objectOf(part).type === 'tool_result')
  return [
    ...results.map((): Turn => ({ role: 'tool', text: '' })),
    ...(text === '' && results.length > 0 ? [] : [{ role: 'user', text } as const]),
  ]
}

function textOfParts(content: Json | undefined): string {
  return listOf(content)
    .flatMap((part) => stringOf(objectOf(part).text) ?? [])
    .join('\n')
}

function toolChoiceOf(choice: JsonObject): ToolChoice {
  if (choice.type === 'none') return 'none'
  if (choice.type === 'any') return 'required'
  const name = stringOf(choice.name)
  return name === undefined ? 'auto' : { name }
}

function messagesUsage(counts: TokenCounts, serviceTier: string | undefined): JsonObject {
  const read = counts.cacheReadTokens ?? 0
  const written = counts.cacheWriteTokens ?? 0
  const written1h = counts.cacheWrite1hTokens ?? 0
  const thinking = counts.reasoningTokens
  return {
    input_tokens: counts.inputTokens - read - written,
    cache_creation_input_tokens: written,
    cache_read_input_tokens: read,
    cache_creation: { ephemeral_5m_input_tokens: written - written1h, ephemeral_1h_input_tokens: written1h },
    output_tokens: counts.outputTokens,
    output_tokens_details: thinking === undefined ? undefined : { thinking_tokens: thinking },
    service_tier: serviceTier,
  }
}

function messagesBilled(usage: JsonObject, serviceTier: string | undefined): Billed {
  const cacheReadTokens = countOf(usage.cache_read_input_tokens)
  const cacheWriteTokens = countOf(usage.cache_creation_input_tokens)
  return {
    inputTokens: sumOf(usage.input_tokens, cacheReadTokens ?? 0, cacheWriteTokens ?? 0),
    outputTokens: countOf(usage.output_tokens),
    cacheReadTokens,
    cacheWriteTokens,
    cacheWrite1hTokens: countOf(objectOf(usage.cache_creation).ephemeral_1h_input_tokens),
    reasoningTokens: countOf(objectOf(usage.output_tokens_details).thinking_tokens),
    serviceTier: stringOf(usage.service_tier) ?? serviceTier,
    costUsd: undefined,
  }
}

function message(answer: Answer): JsonObject {
  const thinking = { type: 'thinking', thinking: answer.reasoning.join(''), signature: `sig_${answer.id}` }
  return {
    id: `msg_${answer.id}`,
    type: 'message',
    role: 'assistant',
    model: answer.model,
    content: [
      ...(answer.reasoning.length === 0 ? [] : [thinking]),
      ...(answer.text.length === 0 ? [] : [{ type: 'text', text: answer.text.join('') }]),
      ...answer.toolCalls.map((call) => ({
        type: 'tool_use',
        id: call.id,
        name: call.name,
        input: parseJson(call.arguments),
      })),
    ],
    stop_reason: stopReasonOf(answer),
    stop_sequence: null,
    usage: answer.usage,
  }
}

function stopReasonOf(answer: Answer): string {
  return STOP_REASONS[answer.finishReason] ?? answer.finishReason
}

function anthropicError(status: number, message: string): JsonObject {
  const type = ERROR_TYPES[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error')
  return { type: 'error', error: { type, message } }
}
