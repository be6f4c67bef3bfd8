import type { Answer } from './answer.ts'
import { googleError, modelInPath } from './google.ts'
import { countOf, listOf, objectOf, stringOf, type Json, type JsonObject } from './json.ts'
import { openaiError } from './openai-error.ts'
import { EMPTY_READING, type ProviderRequest } from './provider-request.ts'
import { NOTHING_BILLED, type Billed } from './provider-call.ts'
import { firstCount, type TokenCounts } from './token-counts.ts'
import type { WireDialect } from './wire-dialect.ts'

const TOKENS_A_VALUE = 8
const USUAL_DIMENSIONS = 8

/** What the embedding dialects have in common. */
export const EMBEDDINGS = {
  api: 'embeddings',
  defaultUsage: (request: ProviderRequest): TokenCounts => ({
    inputTokens: TOKENS_A_VALUE * request.values.length,
    outputTokens: 0,
  }),
  billed: embeddingBilled,
  serviceTier: () => undefined,
  responseId: () => undefined,
  toolCallId: () => undefined,
} as const

/** `POST /embeddings`, as OpenAI and everyone who copies it speak. */
export const openaiEmbeddings: WireDialect = {
  ...EMBEDDINGS,
  read: (body) => ({
    ...EMPTY_READING,
    model: stringOf(body.model) ?? '',
    values: (Array.isArray(body.input) ? listOf(body.input) : [body.input]).flatMap((value) => stringOf(value) ?? []),
  }),
  usage: (counts) => ({ prompt_tokens: counts.inputTokens, total_tokens: counts.inputTokens }),
  responseModel: (answer) => answer.model,
  answer: (answer) => ({
    object: 'list',
    data: answer.request.values.map((value, index) => ({
      object: 'embedding',
      index,
      embedding: vectorOf(value, countOf(answer.request.body.dimensions)),
    })),
    model: answer.model,
    usage: answer.usage,
  }),
  error: openaiError,
}

/** `POST /models/{model}:embedContent` and `:batchEmbedContents`. The answer names no model. */
export const googleEmbeddings: WireDialect = {
  ...EMBEDDINGS,
  read: (body, path) => ({
    ...EMPTY_READING,
    model: modelInPath(path),
    values: requestsOf(body).map((request) => textOfContent(request.content)),
  }),
  usage: (counts) => ({ promptTokenCount: counts.inputTokens }),
  responseModel: () => undefined,
  answer: (answer) => ({ ...googleVectors(answer), usageMetadata: answer.usage }),
  error: googleError,
}

function embeddingBilled(usage: JsonObject, serviceTier: string | undefined): Billed {
  return { ...NOTHING_BILLED, inputTokens: firstCount(usage, 'prompt_tokens', 'promptTokenCount'), serviceTier }
}

function requestsOf(body: JsonObject): readonly JsonObject[] {
  return body.requests === undefined ? [body] : listOf(body.requests).map(objectOf)
}

function textOfContent(content: Json | undefined): string {
  return listOf(objectOf(content).parts)
    .flatMap((part) => stringOf(objectOf(part).text) ?? [])
    .join('\n')
}

function googleVectors(answer: Answer): JsonObject {
  const { body, values } = answer.request
  // Vertex AI, which takes one text at a time, has a place of its own for it.
  const dimensions = countOf(
    requestsOf(body)[0]?.outputDimensionality ?? objectOf(body.embedContentConfig).outputDimensionality,
  )
  const vectors = values.map((value) => ({ values: vectorOf(value, dimensions) }))
  return body.requests === undefined ? { embedding: vectors[0] } : { embeddings: vectors }
}

/** The same numbers between -1 and 1 for the same text. */
export function vectorOf(value: string, dimensions = USUAL_DIMENSIONS): readonly number[] {
  const codes = Array.from(value).map((character) => character.codePointAt(0) ?? 0)
  return Array.from({ length: dimensions }, (_, index) => {
    const sum = codes.reduce((sum, code, place) => sum + code * (place + index + 1), index)
    return Math.round(Math.sin(sum) * 1e6) / 1e6
  })
}
