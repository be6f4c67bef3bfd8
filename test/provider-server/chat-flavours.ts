import {
  compatibleUsage,
  deepseekUsage,
  mistralUsage,
  openaiBilled,
  openaiUsage,
  openrouterUsage,
  xaiBilled,
  xaiUsage,
} from './chat-usage.ts'
import type { JsonObject } from './json.ts'
import { openaiError } from './openai-error.ts'
import { openaiResponses } from './openai-responses.ts'
import type { Billed } from './provider-call.ts'
import type { TokenCounts } from './token-counts.ts'
import type { Frame, WireDialect } from './wire-dialect.ts'
import { xaiError } from './xai-error.ts'
import { xaiResponses } from './xai-responses.ts'

/** Where a provider leaves the OpenAI chat wire. */
export interface ChatFlavour {
  readonly provider: string
  /** The base URL's path, as people configure it. */
  readonly basePath: string
  readonly usage: (counts: TokenCounts) => JsonObject
  readonly billed: (usage: JsonObject, serviceTier: string | undefined) => Billed
  readonly serviceTier: (asked: string | undefined) => string | undefined
  /** Where text and reasoning stand in a message or a delta; empty for what the wire cannot say. */
  readonly content: (text: string | undefined, reasoning: string) => JsonObject
  /** `when-asked` needs `stream_options.include_usage` and gets a chunk of its own. */
  readonly streamUsage: 'when-asked' | 'own-chunk' | 'with-finish' | 'x_groq'
  /** Tool calls stream in one piece. */
  readonly wholeToolCalls: boolean
  readonly openingFrames: readonly Frame[]
  /** Members beside `id` and `model`. */
  readonly envelope: JsonObject
  readonly costUsd: number | undefined
  /** How the Responses API is spoken under the same base path. */
  readonly responses: WireDialect
  readonly error: (status: number, message: string) => JsonObject
}

const OPENAI: ChatFlavour = {
  provider: 'openai',
  basePath: '/openai/v1',
  usage: openaiUsage,
  billed: openaiBilled,
  serviceTier: (asked) => (asked === undefined || asked === 'auto' ? 'default' : asked),
  content: (text) => (text === undefined ? {} : { content: text === '' ? null : text }),
  streamUsage: 'when-asked',
  wholeToolCalls: false,
  openingFrames: [],
  envelope: {},
  costUsd: undefined,
  responses: openaiResponses,
  error: openaiError,
}

// The others name a tier only when a script says so.
const COMPATIBLE: ChatFlavour = {
  ...OPENAI,
  provider: 'openai-compatible',
  basePath: '/compatible/v1',
  usage: compatibleUsage,
  serviceTier: () => undefined,
  streamUsage: 'own-chunk',
}

/** Everyone who speaks the OpenAI chat wire, each under a base path of its own. */
export const CHAT_FLAVOURS: readonly ChatFlavour[] = [
  OPENAI,
  { ...COMPATIBLE, content: reasoningIn('reasoning_content') },
  { ...OPENAI, provider: 'azure', basePath: '/azure/openai', openingFrames: [{ data: azurePromptFilter() }] },
  {
    ...COMPATIBLE,
    provider: 'mistral',
    basePath: '/mistral/v1',
    usage: mistralUsage,
    content: mistralContent,
    streamUsage: 'with-finish',
    wholeToolCalls: true,
    error: mistralError,
  },
  {
    ...COMPATIBLE,
    provider: 'groq',
    basePath: '/groq/openai/v1',
    usage: (counts) => ({
      ...compatibleUsage(counts),
      queue_time: 0.01,
      prompt_time: 0.02,
      completion_time: 0.03,
      total_time: 0.05,
    }),
    content: reasoningIn('reasoning'),
    streamUsage: 'x_groq',
    wholeToolCalls: true,
  },
  {
    ...COMPATIBLE,
    provider: 'xai',
    basePath: '/xai/v1',
    usage: xaiUsage,
    billed: xaiBilled,
    costUsd: 0.00042,
    responses: xaiResponses,
    error: xaiError,
    content: reasoningIn('reasoning_content'),
    wholeToolCalls: true,
  },
  {
    ...COMPATIBLE,
    provider: 'deepseek',
    basePath: '/deepseek',
    usage: deepseekUsage,
    content: reasoningIn('reasoning_content'),
    streamUsage: 'with-finish',
  },
  {
    ...COMPATIBLE,
    provider: 'openrouter',
    basePath: '/openrouter/api/v1',
    usage: openrouterUsage,
    content: reasoningIn('reasoning'),
    envelope: { provider: 'OpenAI' },
    costUsd: 0.00042,
  },
  {
    ...COMPATIBLE,
    provider: 'together',
    basePath: '/together/v1',
    content: reasoningIn('reasoning'),
    streamUsage: 'with-finish',
  },
  {
    ...COMPATIBLE,
    provider: 'fireworks',
    basePath: '/fireworks/inference/v1',
    content: reasoningIn('reasoning_content'),
    streamUsage: 'with-finish',
  },
]

function reasoningIn(member: string): ChatFlavour['content'] {
  return (text, reasoning) => ({ ...OPENAI.content(text, ''), ...(reasoning === '' ? {} : { [member]: reasoning }) })
}

function mistralContent(text: string | undefined, reasoning: string): JsonObject {
  if (reasoning === '') return OPENAI.content(text, '')
  const thinking = { type: 'thinking', thinking: [{ type: 'text', text: reasoning }] }
  return { content: text === undefined || text === '' ? [thinking] : [thinking, { type: 'text', text }] }
}

function mistralError(status: number, message: string): JsonObject {
  return { object: 'error', message, type: 'invalid_request_error', param: null, code: String(status) }
}

function azurePromptFilter(): JsonObject {
  const verdict = { filtered: false, severity: 'safe' }
  const results = { hate: verdict, self_harm: verdict, sexual: verdict, violence: verdict }
  const filter = [{ prompt_index: 0, content_filter_results: results }]
  return { choices: [], created: 0, id: '', model: '', object: '', prompt_filter_results: filter }
}
