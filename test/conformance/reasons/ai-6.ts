import type { Reason } from '../undecidable.ts'
import { OF_6, WITH_METADATA, ANSWERS, CLAUDES } from './scopes.ts'

/** What AI SDK 6, and partly 7, does not have. */
export const REASONS_OF_6: readonly Reason[] = [
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
]
