import type { Answer } from './answer.ts'
import { cohereFailure, cohereFrames, toolPlanOf } from './cohere-stream.ts'
import { EMBEDDINGS, vectorOf } from './embeddings.ts'
import { countOf, listOf, objectOf, stringOf, type Json, type JsonObject } from './json.ts'
import { readChat } from './openai-chat.ts'
import { NOTHING_BILLED, type AnsweredToolCall, type Billed } from './provider-call.ts'
import { EMPTY_READING, type RequestReading, type ToolChoice } from './provider-request.ts'
import { rankingOf } from './ranking.ts'
import type { TokenCounts } from './token-counts.ts'
import type { WireDialect } from './wire-dialect.ts'

const FINISH_REASONS: Readonly<Record<string, string>> = {
  stop: 'COMPLETE',
  length: 'MAX_TOKENS',
  'content-filter': 'ERROR_TOXIC',
  'tool-calls': 'TOOL_CALL',
}

// What Cohere puts around a conversation. The model reads it, nobody pays for it.
const PREAMBLE_TOKENS = 66
const DOCUMENTS_A_SEARCH = 100

const COMMON = {
  serviceTier: () => undefined,
  responseId: (answer: Answer) => answer.id,
  responseModel: () => undefined,
  error: (_status: number, message: string): JsonObject => ({ message }),
} as const

/** `POST /v2/chat`. `tokens` is what the model read and wrote, `billed_units` what is paid for. */
export const cohereChat: WireDialect = {
  ...COMMON,
  api: 'chat',
  read: readCohereChat,
  defaultUsage: () => ({ inputTokens: 100, outputTokens: 40 }),
  usage: chatUsage,
  billed: chatBilled,
  toolCallId: (id) => `tool_${id}`,
  answer: (answer) => ({
    id: answer.id,
    message: messageOf(answer),
    finish_reason: finishReasonOf(answer),
    usage: answer.usage,
  }),
  streaming: {
    frames: (answer) => cohereFrames(answer, finishReasonOf(answer)),
    failure: cohereFailure,
  },
}

/** `POST /v2/embed`. */
export const cohereEmbeddings: WireDialect = {
  ...EMBEDDINGS,
  ...COMMON,
  read: (body) => ({
    ...EMPTY_READING,
    model: stringOf(body.model) ?? '',
    values: listOf(body.texts).flatMap((text) => stringOf(text) ?? []),
  }),
  usage: (counts) => ({ input_tokens: counts.inputTokens }),
  billed: (usage) => ({ ...NOTHING_BILLED, inputTokens: countOf(usage.input_tokens) }),
  answer: ({ id, request, usage }) => ({
    id,
    texts: request.values,
    embeddings: { float: request.values.map((value) => vectorOf(value, countOf(request.body.output_dimension))) },
    meta: metaOf(usage),
    response_type: 'embeddings_by_type',
  }),
}

/** `POST /v2/rerank`, billed by the search of up to 100 documents. */
export const cohereRerank: WireDialect = {
  ...COMMON,
  api: 'rerank',
  read: (body) => ({
    ...EMPTY_READING,
    model: stringOf(body.model) ?? '',
    values: [stringOf(body.query) ?? ''],
  }),
  defaultUsage: ({ body }) => ({
    inputTokens: 0,
    outputTokens: 0,
    searchUnits: Math.max(1, Math.ceil(listOf(body.documents).length / DOCUMENTS_A_SEARCH)),
  }),
  usage: (counts) => ({ search_units: counts.searchUnits }),
  billed: (usage) => ({ ...NOTHING_BILLED, searchUnits: countOf(usage.search_units) }),
  toolCallId: () => undefined,
  answer: ({ id, request, usage }) => {
    const documents = listOf(request.body.documents).map((document) => stringOf(document) ?? JSON.stringify(document))
    const ranking = rankingOf(request.userText, documents, countOf(request.body.top_n))
    return {
      id,
      results: ranking.map(({ index, score }) => ({ index, relevance_score: score })),
      meta: metaOf(usage),
    }
  },
}

function readCohereChat(body: JsonObject, path: string): RequestReading {
  const { type, json_schema: schema } = objectOf(body.response_format)
  return {
    ...readChat(body, path),
    toolChoice: toolChoiceOf(body.tool_choice),
    outputSchema: type === 'json_object' ? { type: 'object', ...objectOf(schema) } : undefined,
  }
}

// A tool that must be called comes as the only one offered.
function toolChoiceOf(choice: Json | undefined): ToolChoice {
  if (choice === 'REQUIRED') return 'required'
  return choice === 'NONE' ? 'none' : 'auto'
}

function chatUsage(counts: TokenCounts): JsonObject {
  return {
    billed_units: { input_tokens: counts.inputTokens, output_tokens: counts.outputTokens },
    tokens: { input_tokens: counts.inputTokens + PREAMBLE_TOKENS, output_tokens: counts.outputTokens },
    cached_tokens: counts.cacheReadTokens ?? 0,
  }
}

function chatBilled(usage: JsonObject): Billed {
  const units = objectOf(usage.billed_units)
  return {
    ...NOTHING_BILLED,
    inputTokens: countOf(units.input_tokens),
    outputTokens: countOf(units.output_tokens),
    cacheReadTokens: countOf(usage.cached_tokens),
  }
}

function messageOf(answer: Answer): JsonObject {
  const { reasoning, text, toolCalls } = answer
  const content = [
    ...(reasoning.length === 0 ? [] : [{ type: 'thinking', thinking: reasoning.join('') }]),
    ...(text.length === 0 ? [] : [{ type: 'text', text: text.join('') }]),
  ]
  return {
    role: 'assistant',
    content: content.length === 0 ? undefined : content,
    tool_plan: toolCalls.length === 0 ? undefined : toolPlanOf(toolCalls),
    tool_calls: toolCalls.length === 0 ? undefined : toolCalls.map(toolCallJson),
  }
}

function toolCallJson(call: AnsweredToolCall): JsonObject {
  return { id: call.id, type: 'function', function: { name: call.name, arguments: call.arguments } }
}

function finishReasonOf(answer: Answer): string {
  return FINISH_REASONS[answer.finishReason] ?? answer.finishReason
}

function metaOf(usage: JsonObject | undefined): JsonObject {
  return { api_version: { version: '2' }, billed_units: usage }
}
