import type { ProviderCall } from '../provider-server/index.ts'
import type { ProviderName } from './providers.ts'
import type { Variant } from './variants.ts'
import type { Field } from './wire-truth.ts'

/** What is asked of a provider, as far as spans tell it apart. */
export type Mode = 'generate' | 'stream' | 'object' | 'stream object' | 'embed' | 'rerank' | 'other'

/** Where a number is looked for. */
export interface Place {
  readonly variant: Variant
  readonly provider: ProviderName
  readonly scenario: string
  readonly mode: Mode
}

/** Why a number that was on the wire cannot be on the row: the span does not have it. What is left out means all. */
export interface Reason {
  /** What `CONFORMANCE.md` calls it. */
  readonly why: string
  readonly variants?: readonly Variant[]
  readonly providers?: readonly ProviderName[]
  readonly modes?: readonly Mode[]
  readonly scenarios?: RegExp
  /** These are NULL on the row wherever the wire has a value. */
  readonly fields?: readonly Field[]
  /** Also where nothing was billed yet when the test looked. */
  readonly always?: boolean
  /** Only where the wire says 0. */
  readonly onlyZero?: boolean
  /** Only of these attempts. */
  readonly when?: (call: ProviderCall) => boolean
  /** The cost may be an estimate; it says so with the first of these flags, the others may be beside it. */
  readonly flags?: readonly string[]
  /** What stands on the row instead of NULL. */
  readonly instead?: Readonly<Partial<Record<Field, (call: ProviderCall) => unknown>>>
}

const OF_4: readonly Variant[] = ['4', '4-register']
const OF_5: readonly Variant[] = ['5', '5-register']
const OF_6: readonly Variant[] = ['6', '6-register']
const ALL_OF_7: readonly Variant[] = ['7-legacy', '7', '7-register', '7-optin']
const WITH_METADATA: readonly Variant[] = ['7-legacy', '7-register', '7-optin']
const GENERATE: readonly Mode[] = ['generate', 'object']
const ANSWERS: readonly Mode[] = ['generate', 'stream', 'object', 'stream object']
const TIERED: readonly ProviderName[] = [
  'openai',
  'openai.chat',
  'azure',
  'azure.responses',
  'anthropic',
  'google',
  'vertex',
  'bedrock',
]
const CLAUDES: readonly ProviderName[] = ['anthropic', 'vertex.anthropic', 'bedrock']

/**
 * Every number that no reader of the span could know, and why. A number that has no entry here must be on the row, and
 * one that has an entry must not: when a new version of an SDK tells more, its test asks for the entry to be removed.
 */
export const REASONS: readonly Reason[] = [
  {
    why: 'The stream was not read to its end, so its span never ends: the row says `abandoned` and no tokens.',
    scenarios: /^stream-(unread|broken-off)$/,
    always: true,
    fields: [
      'input',
      'output',
      'cache read',
      'cache write',
      'cache write 5 min',
      'cache write 1 h',
      'reasoning',
      'service tier',
      'cost',
    ],
    instead: { model: (call) => call.requestModel },
  },
  {
    why: 'AI SDK 4 and 5 stop reading an OpenAI Responses stream at its error event.',
    variants: ['4', '5'],
    providers: ['openai', 'azure.responses'],
    scenarios: /^stream-error-part-then-finish$/,
    fields: ['input', 'output', 'cache read', 'reasoning', 'service tier', 'cost'],
  },
  {
    why: 'The package passes on the tokens that the model read, not the ones that Cohere bills: the row has those, and the cost is an upper bound.',
    providers: ['cohere'],
    modes: ANSWERS,
    fields: ['input'],
    instead: {
      input: (call) => (call.usage?.['tokens'] as { readonly input_tokens?: number } | undefined)?.input_tokens,
    },
    flags: ['assumed_billed_tokens'],
  },
  {
    why: 'The package for Cohere does not read cached tokens.',
    providers: ['cohere'],
    modes: ANSWERS,
    fields: ['cache read'],
    flags: ['cache_unknown'],
  },
  {
    why: 'The package for the Gemini API does not read the tokens of embeddings.',
    variants: ['4', '5', '6', ...ALL_OF_7],
    providers: ['google'],
    modes: ['embed'],
    fields: ['input', 'cost'],
  },
  {
    why: 'The package does not pass on what the answer says it charged; the cost is the list price.',
    variants: [...OF_4, ...OF_5, ...OF_6],
    providers: ['xai'],
    flags: ['assumed_list_price', 'cache_at_input_rate'],
  },
  {
    why: 'No version puts the provider metadata of an embedding or a ranking on the span, where the charge stands; the cost is the list price.',
    variants: ['5', '6', ...ALL_OF_7],
    providers: ['gateway', 'openrouter'],
    modes: ['embed'],
    flags: ['assumed_list_price', 'cache_at_input_rate'],
  },
  {
    why: 'No version says how many searches a ranking was.',
    modes: ['rerank'],
    fields: ['cost'],
  },
  {
    why: 'The package for Mistral leaves out a count of 0.',
    variants: [...OF_6, ...ALL_OF_7],
    providers: ['mistral'],
    onlyZero: true,
    fields: ['cache read'],
  },

  {
    why: 'AI SDK 4 does not read tokens written to a cache.',
    variants: OF_4,
    providers: ['openai', 'openai.chat', 'azure', 'azure.responses'],
    fields: ['cache write'],
  },
  {
    why: 'The packages for AI SDK 4 and 5 do not read tokens written to a cache by OpenRouter.',
    variants: [...OF_4, ...OF_5],
    providers: ['openrouter'],
    fields: ['cache write'],
  },
  {
    why: 'AI SDK 4 does not read the service tier; the cost is that of the standard one.',
    variants: ['4'],
    providers: TIERED,
    modes: ANSWERS,
    fields: ['service tier'],
    flags: ['assumed_standard_tier'],
  },
  {
    why: 'AI SDK 4 does not read the service tier; the cost is that of the standard one.',
    variants: ['4-register'],
    providers: ['openai', 'openai.chat', 'azure', 'azure.responses', 'anthropic', 'bedrock'],
    fields: ['service tier'],
    flags: ['assumed_standard_tier'],
  },
  {
    why: 'An answer of Gemini that names no service tier to AI SDK 4 may have had one; the cost is that of the standard one.',
    variants: ['4-register'],
    providers: ['google'],
    flags: ['assumed_standard_tier'],
  },
  {
    why: 'AI SDK 4 does not read for how long Anthropic caches, nor what it thought; the cost is that of 5 minutes.',
    variants: OF_4,
    providers: CLAUDES,
    fields: ['cache write 5 min', 'cache write 1 h', 'reasoning'],
    flags: ['assumed_5m'],
  },
  {
    why: 'AI SDK 4 drops what Gemini thought and read from a cache, and with it the sum of the output.',
    variants: ['4'],
    providers: ['google', 'vertex'],
    modes: ANSWERS,
    fields: ['output', 'cache read', 'reasoning', 'cost'],
  },
  {
    why: 'AI SDK 4 does not read cached tokens of these providers.',
    variants: OF_4,
    providers: ['mistral', 'groq'],
    fields: ['cache read'],
    flags: ['cache_unknown'],
  },
  {
    why: 'AI SDK 4 does not read reasoning tokens of Groq.',
    variants: OF_4,
    providers: ['groq'],
    fields: ['reasoning'],
  },
  {
    why: 'AI SDK 4 drops the provider metadata of a streamed step that calls a tool, where DeepSeek names cached tokens.',
    variants: ['4'],
    providers: ['deepseek'],
    modes: ['stream'],
    when: (call) => call.toolCalls.length > 0,
    fields: ['cache read', 'reasoning'],
    flags: ['cache_unknown'],
  },
  {
    why: 'AI SDK 4 takes id and model of an Azure stream from its first event, where they are empty.',
    variants: ['4'],
    providers: ['azure'],
    modes: ['stream', 'stream object'],
    instead: { model: (call) => call.requestModel },
  },

  {
    why: 'AI SDK 5 puts neither cached nor reasoning tokens of generateText and generateObject on the span.',
    variants: ['5'],
    providers: [
      'openai',
      'openai.chat',
      'azure',
      'azure.responses',
      'gateway',
      'groq',
      'xai',
      'mistral',
      'openai-compatible',
    ],
    modes: GENERATE,
    fields: ['cache read', 'reasoning'],
    flags: ['cache_unknown'],
  },
  {
    why: 'AI SDK 5 puts neither cached nor reasoning tokens of generateText and generateObject on the span.',
    variants: ['5'],
    providers: ['deepseek'],
    modes: GENERATE,
    fields: ['reasoning'],
  },
  {
    why: 'AI SDK 5 drops what Bedrock read from a cache in generateText and generateObject, and with it the sum of the input.',
    variants: ['5'],
    providers: ['bedrock'],
    modes: GENERATE,
    fields: ['input', 'cache read', 'cost'],
  },
  {
    why: 'The package for AI SDK 5 does not read how long Bedrock caches; the cost is that of 5 minutes.',
    variants: OF_5,
    providers: ['bedrock'],
    fields: ['cache write 5 min', 'cache write 1 h'],
    flags: ['assumed_5m'],
  },
  {
    why: 'The packages for AI SDK 5 do not read these cached or reasoning tokens.',
    variants: ['5'],
    providers: ['mistral'],
    modes: ['stream', 'stream object'],
    fields: ['cache read'],
    flags: ['cache_unknown'],
  },
  {
    why: 'The packages for AI SDK 5 do not read these cached or reasoning tokens.',
    variants: ['5-register'],
    providers: ['mistral'],
    fields: ['cache read'],
    flags: ['cache_unknown'],
  },
  {
    why: 'The packages for AI SDK 5 do not read these cached or reasoning tokens.',
    variants: ['5-register'],
    providers: ['groq'],
    fields: ['reasoning'],
  },
  {
    why: 'The package for xAI of AI SDK 5 leaves out a count of 0.',
    variants: ['5-register'],
    providers: ['xai'],
    onlyZero: true,
    fields: ['cache read', 'reasoning'],
    flags: ['cache_unknown'],
  },
  {
    why: 'The packages for AI SDK 5 do not read these cached or reasoning tokens.',
    variants: ['5'],
    providers: ['groq'],
    modes: ['stream', 'stream object'],
    fields: ['reasoning'],
  },
  {
    why: 'The package for xAI of AI SDK 5 leaves out a count of 0.',
    variants: ['5'],
    providers: ['xai'],
    modes: ['stream', 'stream object'],
    onlyZero: true,
    fields: ['cache read', 'reasoning'],
  },
  {
    why: 'The packages for AI SDK 5 do not read this service tier; the cost is that of the standard one.',
    variants: OF_5,
    providers: ['openai.chat', 'azure', 'google', 'bedrock'],
    modes: ANSWERS,
    fields: ['service tier'],
    flags: ['assumed_standard_tier'],
  },

  {
    why: 'AI SDK 6 puts neither cached nor reasoning tokens of generateObject on the span.',
    variants: ['6'],
    providers: [
      'openai',
      'openai.chat',
      'azure',
      'azure.responses',
      'gateway',
      'groq',
      'xai',
      'mistral',
      'openai-compatible',
      'bedrock',
    ],
    modes: ['object'],
    fields: ['cache read', 'reasoning'],
    flags: ['cache_unknown'],
  },
  {
    why: 'AI SDK 6 puts neither cached nor reasoning tokens of generateObject on the span.',
    variants: ['6'],
    providers: ['deepseek'],
    modes: ['object'],
    fields: ['reasoning'],
  },
  {
    why: 'The package does not pass on the service tier of chat completions; the cost is that of the standard one.',
    variants: [...OF_6, ...WITH_METADATA],
    providers: ['openai.chat', 'azure'],
    modes: ANSWERS,
    fields: ['service tier'],
    flags: ['assumed_standard_tier'],
  },
  {
    why: 'With `recordOutputs: false` the SDK drops the provider metadata too, where this stands.',
    variants: [...OF_6, ...WITH_METADATA],
    scenarios: /^content-not-recorded$/,
    providers: ['openai', 'azure.responses', 'anthropic', 'vertex', 'google'],
    fields: ['service tier'],
    flags: ['assumed_standard_tier'],
  },
  {
    why: 'With `recordOutputs: false` the SDK drops the provider metadata too, where this stands.',
    variants: [...OF_6, ...WITH_METADATA],
    scenarios: /^content-not-recorded$/,
    providers: CLAUDES,
    fields: ['cache write 5 min', 'cache write 1 h'],
    flags: ['assumed_5m'],
  },
  {
    why: 'With `recordOutputs: false` the SDK drops the provider metadata too, where this stands.',
    variants: [...OF_6, ...WITH_METADATA],
    scenarios: /^content-not-recorded$/,
    providers: ['bedrock'],
    flags: ['assumed_standard_tier'],
  },
  {
    why: 'With `recordOutputs: false` the SDK drops the provider metadata too, where this stands.',
    variants: [...OF_6, ...WITH_METADATA],
    scenarios: /^content-not-recorded$/,
    providers: ['gateway', 'openrouter', 'xai'],
    flags: ['assumed_list_price', 'cache_at_input_rate'],
  },
  {
    why: 'After an error event the stream ends without the provider metadata, where this stands.',
    variants: ['6', ...WITH_METADATA],
    scenarios: /^stream-error-part-then-finish$/,
    providers: ['openai', 'azure.responses'],
    fields: ['service tier'],
    flags: ['assumed_standard_tier'],
  },
  {
    why: 'After an error event the stream ends without the provider metadata, where this stands.',
    variants: WITH_METADATA,
    scenarios: /^stream-error-part-then-finish$/,
    providers: ['xai'],
    flags: ['assumed_list_price', 'cache_at_input_rate'],
  },

  {
    why: 'AI SDK 7 puts reasoning tokens on the span only with `usage: true`, which `register` sets.',
    variants: ['7'],
    modes: ANSWERS,
    fields: ['reasoning'],
  },
  {
    why: 'AI SDK 7 puts the provider metadata on the span only with `providerMetadata: true`, which `register` sets.',
    variants: ['7'],
    providers: [...TIERED, 'gateway'],
    modes: ANSWERS,
    fields: ['service tier'],
    flags: ['assumed_standard_tier'],
  },
  {
    why: 'AI SDK 7 puts the provider metadata on the span only with `providerMetadata: true`, which `register` sets.',
    variants: ['7'],
    providers: CLAUDES,
    fields: ['cache write 5 min', 'cache write 1 h'],
    flags: ['assumed_5m'],
  },
  {
    why: 'AI SDK 7 puts the provider metadata on the span only with `providerMetadata: true`, which `register` sets.',
    variants: ['7'],
    providers: ['gateway', 'openrouter', 'xai'],
    flags: ['assumed_list_price', 'cache_at_input_rate'],
  },
  {
    why: 'AI SDK 7 puts no cache writes of object functions on the span but in the provider metadata, which `register` turns on.',
    variants: ['7'],
    providers: CLAUDES,
    modes: ['object', 'stream object'],
    fields: ['cache write'],
    flags: ['cache_unknown'],
  },
  {
    why: 'AI SDK 7 names a provider that it does not know by the one that its name begins with; only the provider metadata says more.',
    variants: ['7'],
    providers: ['openai-compatible'],
    instead: { provider: () => 'openai' },
  },
  {
    why: 'AI SDK 7 names a provider that it does not know by the one that its name begins with; only the provider metadata says more.',
    variants: ['7-register', '7-optin'],
    providers: ['openai-compatible'],
    scenarios: /^(content-not-recorded|embed|embed-many|stream-unread|stream-broken-off)$/,
    instead: { provider: () => 'openai' },
  },
]

/** The reasons that hold for a place. */
export function reasonsFor(place: Place): readonly Reason[] {
  return REASONS.filter(
    ({ variants, providers, modes, scenarios }) =>
      (variants?.includes(place.variant) ?? true) &&
      (providers?.includes(place.provider) ?? true) &&
      (modes?.includes(place.mode) ?? true) &&
      (scenarios?.test(place.scenario) ?? true),
  )
}
