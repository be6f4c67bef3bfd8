import { anthropicMessages } from './anthropic.ts'
import type { Answer } from './answer.ts'
import { EMBEDDINGS, vectorOf } from './embeddings.ts'
import { googleError, googleGenerateContent, modelInPath } from './google.ts'
import { countOf, listOf, objectOf, stringOf, type Json, type JsonObject } from './json.ts'
import { NOTHING_BILLED } from './provider-call.ts'
import { EMPTY_READING } from './provider-request.ts'
import { sumOf } from './token-counts.ts'
import type { WireDialect } from './wire-dialect.ts'

const PAY_AS_YOU_GO = 'ON_DEMAND'
const GOOGLE_REFUSES: ReadonlySet<number> = new Set([401, 403, 404, 429])

/** `POST …/publishers/google/models/{model}:generateContent`: Gemini, but for how it tells the service tier. */
export const vertexGenerateContent: WireDialect = {
  ...googleGenerateContent,
  read: (body, path, headers) => {
    const tier = headers['x-vertex-ai-llm-shared-request-type'] ?? body.serviceTier
    return {
      ...googleGenerateContent.read(body, path, headers),
      serviceTier: stringOf(tier)
        ?.toLowerCase()
        .replace(/^service_tier_/, ''),
    }
  },
  usage: (counts, { request, serviceTier }) => ({
    ...googleGenerateContent.usage(counts, { request, serviceTier: undefined }),
    trafficType: trafficTypeOf(serviceTier),
  }),
  billed: (usage) => ({ ...googleGenerateContent.billed(usage, undefined), serviceTier: tierOf(usage.trafficType) }),
  serviceTier: (asked) => asked ?? 'on_demand',
  headers: () => ({}),
}

/** `POST …/publishers/google/models/{model}:predict` with an embedding model. Each vector tells its own tokens. */
export const vertexEmbeddings: WireDialect = {
  ...EMBEDDINGS,
  read: (body, path) => ({
    ...EMPTY_READING,
    model: modelInPath(path),
    values: listOf(body.instances).flatMap((instance) => stringOf(objectOf(instance).content) ?? []),
  }),
  usage: ({ inputTokens }, { request }) => ({ statistics: statisticsOf(inputTokens, request.values.length) }),
  billed: (usage, serviceTier) => ({
    ...NOTHING_BILLED,
    inputTokens: sumOf(...listOf(usage.statistics).map((statistics) => objectOf(statistics).token_count)),
    serviceTier,
  }),
  responseModel: () => undefined,
  answer: ({ request, usage }) => {
    const dimensions = countOf(objectOf(request.body.parameters).outputDimensionality)
    const statistics = listOf(usage?.statistics)
    return {
      predictions: request.values.map((value, index) => ({
        embeddings: { values: vectorOf(value, dimensions), statistics: statistics[index] },
      })),
      metadata: { billableCharacterCount: request.values.join('').length },
    }
  },
  error: googleError,
}

/** `POST …/publishers/anthropic/models/{model}:rawPredict` and `:streamRawPredict`: Anthropic, with the model in the path. */
export const vertexMessages: WireDialect = {
  ...anthropicMessages,
  read: (body, path, headers) => ({
    ...anthropicMessages.read(body, path, headers),
    model: modelInPath(path),
    stream: path.endsWith(':streamRawPredict'),
  }),
  serviceTier: () => undefined,
  responseId: (answer) => anthropicMessages.responseId(asAnthropic(answer)),
  responseModel: (answer) => asAnthropic(answer).model,
  toolCallId: (id) => anthropicMessages.toolCallId(`vrtx_${id}`),
  answer: (answer) => anthropicMessages.answer(asAnthropic(answer)),
  streaming: {
    frames: (answer) => anthropicMessages.streaming?.frames(asAnthropic(answer)) ?? [],
    failure: (answer, failure) => anthropicMessages.streaming?.failure(asAnthropic(answer), failure) ?? [],
  },
  // Google turns away what is not allowed or over quota; what gets through to Anthropic is answered by it.
  error: (status, message) => (GOOGLE_REFUSES.has(status) ? googleError : anthropicMessages.error)(status, message),
}

// Vertex AI writes `claude-sonnet-4-5@20250929`; the message inside names the model as Anthropic does.
function asAnthropic(answer: Answer): Answer {
  return { ...answer, id: `vrtx_${answer.id}`, model: answer.model.replace('@', '-') }
}

function trafficTypeOf(tier: string | undefined): string | undefined {
  if (tier === undefined || tier === 'on_demand' || tier === 'standard') return PAY_AS_YOU_GO
  return tier === 'priority' || tier === 'flex' ? `${PAY_AS_YOU_GO}_${tier.toUpperCase()}` : tier.toUpperCase()
}

function tierOf(trafficType: Json | undefined): string | undefined {
  return stringOf(trafficType)
    ?.replace(/^ON_DEMAND_/, '')
    .toLowerCase()
}

function statisticsOf(inputTokens: number, values: number): readonly JsonObject[] {
  const each = Math.floor(inputTokens / values)
  return Array.from({ length: values }, (_, index) => ({
    truncated: false,
    token_count: index === 0 ? inputTokens - each * (values - 1) : each,
  }))
}
