import type { Answer } from './answer.ts'
import { modelInBedrockPath, requestIdOf } from './bedrock-converse.ts'
import { bedrockError, bedrockErrorHeaders } from './bedrock-error.ts'
import { EMBEDDINGS, vectorOf } from './embeddings.ts'
import { countOf, listOf, objectOf, stringOf, type JsonObject } from './json.ts'
import { NOTHING_BILLED } from './provider-call.ts'
import { EMPTY_READING } from './provider-request.ts'
import { rankingOf } from './ranking.ts'
import { firstCount } from './token-counts.ts'
import type { WireDialect } from './wire-dialect.ts'

/** Where a model that tells no usage in its body tells it. */
const TOKEN_COUNT_HEADER = 'x-amzn-bedrock-input-token-count'

const COMMON = {
  responseId: (answer: Answer) => requestIdOf(answer.id),
  responseModel: () => undefined,
  error: bedrockError,
  errorHeaders: bedrockErrorHeaders,
} as const

/** `POST /model/{model}/invoke` with an embedding model of Amazon (Titan, Nova) or Cohere. */
export const bedrockEmbeddings: WireDialect = {
  ...EMBEDDINGS,
  ...COMMON,
  read: (body, path) => ({ ...EMPTY_READING, model: modelInBedrockPath(path), values: valuesOf(body) }),
  usage: ({ inputTokens }, { request }) => ({
    ...bodyUsage(request.body, inputTokens),
    [TOKEN_COUNT_HEADER]: inputTokens,
  }),
  billed: (usage, serviceTier) => ({
    ...NOTHING_BILLED,
    inputTokens: firstCount(usage, 'inputTextTokenCount', 'inputTokenCount', TOKEN_COUNT_HEADER),
    serviceTier,
  }),
  headers: (answer) => {
    const count = answer.usage?.[TOKEN_COUNT_HEADER]
    const id = { 'x-amzn-requestid': requestIdOf(answer.id) }
    return count === undefined ? id : { ...id, [TOKEN_COUNT_HEADER]: JSON.stringify(count) }
  },
  answer: embeddingsOf,
}

/** `POST /rerank` of the agent runtime. It tells no usage at all. */
export const bedrockRerank: WireDialect = {
  ...COMMON,
  api: 'rerank',
  read: (body) => ({
    ...EMPTY_READING,
    model: (stringOf(modelConfigurationOf(body).modelArn) ?? '').split('foundation-model/').at(-1) ?? '',
    values: listOf(body.queries).flatMap((query) => stringOf(objectOf(objectOf(query).textQuery).text) ?? []),
  }),
  defaultUsage: () => undefined,
  usage: () => ({}),
  billed: () => NOTHING_BILLED,
  serviceTier: () => undefined,
  toolCallId: () => undefined,
  headers: (answer) => ({ 'x-amzn-requestid': requestIdOf(answer.id) }),
  answer: ({ request }) => {
    const documents = listOf(request.body.sources).map(documentText)
    const limit = countOf(rerankingConfigurationOf(request.body).numberOfResults)
    return {
      results: rankingOf(request.values.join(' '), documents, limit).map(({ index, score }) => ({
        index,
        relevanceScore: score,
      })),
    }
  },
}

function valuesOf(body: JsonObject): readonly string[] {
  const nova = stringOf(objectOf(objectOf(body.singleEmbeddingParams).text).value)
  return [stringOf(body.inputText), nova, ...listOf(body.texts).map(stringOf)].flatMap((value) => value ?? [])
}

function bodyUsage(body: JsonObject, inputTokens: number): JsonObject {
  if (body.texts !== undefined) return {}
  return body.inputText === undefined ? { inputTokenCount: inputTokens } : { inputTextTokenCount: inputTokens }
}

function embeddingsOf(answer: Answer): JsonObject {
  const { body, values } = answer.request
  const { [TOKEN_COUNT_HEADER]: _, ...usage } = answer.usage ?? {}
  const nova = objectOf(body.singleEmbeddingParams)
  const dimensions = countOf(body.dimensions ?? body.output_dimension ?? nova.embeddingDimension)
  const vectors = values.map((value) => vectorOf(value, dimensions))
  if (body.texts !== undefined)
    return { id: requestIdOf(answer.id), response_type: 'embeddings_floats', texts: values, embeddings: vectors }
  if (body.inputText !== undefined) return { embedding: vectors[0], embeddingsByType: { float: vectors[0] }, ...usage }
  return { embeddings: vectors.map((embedding) => ({ embeddingType: 'TEXT', embedding })), ...usage }
}

function rerankingConfigurationOf(body: JsonObject): JsonObject {
  return objectOf(objectOf(body.rerankingConfiguration).bedrockRerankingConfiguration)
}

function modelConfigurationOf(body: JsonObject): JsonObject {
  return objectOf(rerankingConfigurationOf(body).modelConfiguration)
}

function documentText(source: unknown): string {
  const { textDocument, jsonDocument } = objectOf(objectOf(source).inlineDocumentSource)
  return stringOf(objectOf(textDocument).text) ?? JSON.stringify(jsonDocument)
}
