import { anthropicMessages } from './anthropic.ts'
import { CHAT_FLAVOURS } from './chat-flavours.ts'
import { googleEmbeddings, openaiEmbeddings } from './embeddings.ts'
import { googleGenerateContent } from './google.ts'
import { openaiImages, openaiSpeech, openaiTranscriptions } from './media.ts'
import { openaiChat } from './openai-chat.ts'
import { openaiResponses } from './openai-responses.ts'
import type { WireDialect } from './wire-dialect.ts'

/** Who answers a path, and in which dialect. */
export interface Route {
  readonly provider: string
  readonly dialect: WireDialect
}

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
      [/\/responses$/, openaiResponses],
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
