import { anthropicMessages } from './anthropic.ts'
import { bedrockConverse } from './bedrock-converse.ts'
import { bedrockEmbeddings, bedrockRerank } from './bedrock-invoke.ts'
import { CHAT_FLAVOURS } from './chat-flavours.ts'
import { cohereChat, cohereEmbeddings, cohereRerank } from './cohere.ts'
import { googleEmbeddings, openaiEmbeddings } from './embeddings.ts'
import { gatewayEmbeddings, gatewayLanguageModel, gatewayRerank } from './gateway.ts'
import { googleGenerateContent } from './google.ts'
import { openaiImages, openaiSpeech, openaiTranscriptions } from './media.ts'
import { openaiChat } from './openai-chat.ts'
import { vertexEmbeddings, vertexGenerateContent, vertexMessages } from './vertex.ts'
import type { WireDialect } from './wire-dialect.ts'

/** Who answers a path, and in which dialect. */
export interface Route {
  readonly provider: string
  readonly dialect: WireDialect
}

const VERTEX_PUBLISHERS = '/vertex/v1/projects/demo/locations/us-central1/publishers'

interface Provider {
  readonly provider: string
  /** The base URL's path; everything below it is the provider's. */
  readonly basePath: string
  readonly endpoints: readonly (readonly [end: RegExp, dialect: WireDialect])[]
}

const PROVIDERS: readonly Provider[] = [
  ...CHAT_FLAVOURS.map((flavour) => ({
    provider: flavour.provider,
    basePath: flavour.basePath,
    endpoints: [
      [/\/chat\/completions$/, openaiChat(flavour)],
      [/\/responses$/, flavour.responses],
      [/\/embeddings$/, openaiEmbeddings],
      [/\/images\/(generations|edits)$/, openaiImages],
      [/\/audio\/speech$/, openaiSpeech],
      [/\/audio\/transcriptions$/, openaiTranscriptions],
    ] as const,
  })),
  { provider: 'anthropic', basePath: '/anthropic/v1', endpoints: [[/\/messages$/, anthropicMessages]] },
  {
    provider: 'google',
    basePath: '/google/v1beta',
    endpoints: [
      [/:(generateContent|streamGenerateContent)$/, googleGenerateContent],
      [/:(embedContent|batchEmbedContents)$/, googleEmbeddings],
    ],
  },
  {
    provider: 'vertex',
    basePath: `${VERTEX_PUBLISHERS}/google`,
    endpoints: [
      [/:(generateContent|streamGenerateContent)$/, vertexGenerateContent],
      [/:embedContent$/, googleEmbeddings],
      [/:predict$/, vertexEmbeddings],
    ],
  },
  {
    provider: 'vertex.anthropic',
    basePath: `${VERTEX_PUBLISHERS}/anthropic/models`,
    endpoints: [[/:(rawPredict|streamRawPredict)$/, vertexMessages]],
  },
  {
    provider: 'bedrock',
    basePath: '/bedrock',
    endpoints: [
      [/\/converse(-stream)?$/, bedrockConverse],
      [/\/invoke$/, bedrockEmbeddings],
      [/\/rerank$/, bedrockRerank],
    ],
  },
  {
    provider: 'cohere',
    basePath: '/cohere/v2',
    endpoints: [
      [/\/chat$/, cohereChat],
      [/\/embed$/, cohereEmbeddings],
      [/\/rerank$/, cohereRerank],
    ],
  },
  {
    provider: 'gateway',
    basePath: '/gateway/v1/ai',
    endpoints: [
      [/\/language-model$/, gatewayLanguageModel],
      [/\/embedding-model$/, gatewayEmbeddings],
      [/\/reranking-model$/, gatewayRerank],
    ],
  },
]

/** Each provider's base path, as its SDK's `baseURL` wants it. */
export const BASE_PATHS: Readonly<Record<string, string>> = Object.fromEntries(
  PROVIDERS.map(({ provider, basePath }) => [provider, basePath]),
)

/** The route of a path without query, or `undefined` when nobody lives there. */
export function routeOf(path: string): Route | undefined {
  const found = PROVIDERS.find(({ basePath }) => path.startsWith(`${basePath}/`))
  const endpoint = found?.endpoints.find(([end]) => end.test(path))
  return found !== undefined && endpoint !== undefined ? { provider: found.provider, dialect: endpoint[1] } : undefined
}
