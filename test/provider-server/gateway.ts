import type { IncomingHttpHeaders } from 'node:http'
import { EMBEDDINGS, vectorOf } from './embeddings.ts'
import { gatewayError } from './gateway-error.ts'
import { gatewayMetadata, upstreamModelOf } from './gateway-metadata.ts'
import { gatewayContent, gatewayFailure, gatewayFrames } from './gateway-stream.ts'
import {
  gatewayBilled,
  gatewayCosts,
  gatewayUsage,
  finishReasonIn,
  specificationOf,
  wireUsageOf,
} from './gateway-usage.ts'
import { countOf, listOf, objectOf, stringOf, type Json, type JsonObject } from './json.ts'
import { NOTHING_BILLED } from './provider-call.ts'
import { EMPTY_READING, type OfferedTool, type RequestReading, type ToolChoice, type Turn } from './provider-request.ts'
import { rankingOf } from './ranking.ts'
import { USUAL_COUNTS } from './token-counts.ts'
import type { WireDialect } from './wire-dialect.ts'

const USUAL_COST_USD = 0.00042

const COMMON = {
  serviceTier: () => undefined,
  responseId: () => undefined,
  responseModel: () => undefined,
  toolCallId: () => undefined,
  error: gatewayError,
} as const

/**
 * `POST /v1/ai/language-model`: the AI SDK's own call and answer as JSON, in the version of the specification that a
 * header names. Only a stream names the model that answered.
 */
export const gatewayLanguageModel: WireDialect = {
  ...COMMON,
  api: 'language-model',
  read: readCall,
  defaultUsage: () => ({ ...USUAL_COUNTS, costUsd: USUAL_COST_USD }),
  usage: (counts, { request }) => gatewayUsage(counts, specificationOf(request)),
  billed: gatewayBilled,
  serviceTier: (asked) => asked,
  responseId: (answer) => (answer.request.stream ? `resp_${answer.id}` : undefined),
  responseModel: (answer) => (answer.request.stream ? upstreamModelOf(answer) : undefined),
  toolCallId: (id) => `call_${id}`,
  answer: (answer) => ({
    content: gatewayContent(answer),
    finishReason: finishReasonIn(answer, specificationOf(answer.request)),
    usage: wireUsageOf(answer),
    providerMetadata: gatewayMetadata(answer),
    warnings: [],
  }),
  streaming: { frames: gatewayFrames, failure: gatewayFailure },
}

/** `POST /v1/ai/embedding-model`. */
export const gatewayEmbeddings: WireDialect = {
  ...EMBEDDINGS,
  ...COMMON,
  read: (body, _path, headers) => ({
    ...EMPTY_READING,
    model: modelIn(headers),
    // The packages of AI SDK 5 say `input`, the later ones `values`.
    values: [body.values ?? body.input].flat().flatMap((value) => stringOf(value) ?? []),
  }),
  defaultUsage: (request) => ({ ...EMBEDDINGS.defaultUsage(request), costUsd: USUAL_COST_USD }),
  usage: (counts) => ({ tokens: counts.inputTokens, ...gatewayCosts(counts.costUsd) }),
  billed: (usage) => ({ ...gatewayBilled(usage), inputTokens: countOf(usage.tokens) }),
  answer: (answer) => ({
    embeddings: answer.request.values.map((value) => vectorOf(value, countOf(answer.request.body.dimensions))),
    usage: answer.usage === undefined ? undefined : { tokens: answer.usage.tokens },
    warnings: [],
    providerMetadata: gatewayMetadata(answer),
  }),
}

/** `POST /v1/ai/reranking-model`. It tells a cost and no usage. */
export const gatewayRerank: WireDialect = {
  ...COMMON,
  api: 'rerank',
  read: (body, _path, headers) => ({ ...EMPTY_READING, model: modelIn(headers), values: [stringOf(body.query) ?? ''] }),
  defaultUsage: () => ({ inputTokens: 0, outputTokens: 0, costUsd: USUAL_COST_USD }),
  usage: (counts) => gatewayCosts(counts.costUsd),
  billed: (usage) => ({ ...NOTHING_BILLED, costUsd: gatewayBilled(usage).costUsd }),
  answer: (answer) => {
    const { body, userText } = answer.request
    const documents = listOf(objectOf(body.documents).values).map((value) => stringOf(value) ?? JSON.stringify(value))
    return {
      ranking: rankingOf(userText, documents, countOf(body.topN)).map(({ index, score }) => ({
        index,
        relevanceScore: score,
      })),
      warnings: [],
      providerMetadata: gatewayMetadata(answer),
    }
  },
}

function readCall(body: JsonObject, _path: string, headers: IncomingHttpHeaders): RequestReading {
  const { type, schema } = objectOf(body.responseFormat)
  const { openai } = objectOf(body.providerOptions)
  return {
    model: modelIn(headers),
    stream: headers['ai-language-model-streaming'] === 'true',
    turns: listOf(body.prompt).map((message) => turnOf(objectOf(message))),
    tools: listOf(body.tools).flatMap((tool) => offeredTool(objectOf(tool))),
    toolChoice: toolChoiceOf(objectOf(body.toolChoice)),
    outputSchema: type === 'json' ? { type: 'object', ...objectOf(schema) } : undefined,
    values: [],
    serviceTier: stringOf(objectOf(openai).serviceTier),
  }
}

function modelIn(headers: IncomingHttpHeaders): string {
  return stringOf(headers['ai-language-model-id'] ?? headers['ai-model-id']) ?? ''
}

function turnOf(message: JsonObject): Turn {
  const { role } = message
  const text = stringOf(message.content) ?? textOfParts(message.content)
  return { role: role === 'system' || role === 'user' || role === 'tool' ? role : 'assistant', text }
}

function textOfParts(content: Json | undefined): string {
  return listOf(content)
    .flatMap((part) => stringOf(objectOf(part).text) ?? [])
    .join('\n')
}

function offeredTool(tool: JsonObject): readonly OfferedTool[] {
  const name = tool.type === 'function' ? stringOf(tool.name) : undefined
  return name === undefined ? [] : [{ name, schema: objectOf(tool.inputSchema) }]
}

function toolChoiceOf(choice: JsonObject): ToolChoice {
  if (choice.type === 'none' || choice.type === 'required') return choice.type
  const name = stringOf(choice.toolName)
  return name === undefined ? 'auto' : { name }
}
