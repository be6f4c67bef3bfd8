import type { Reason } from '../undecidable.ts'
import { WITH_METADATA, ANSWERS, TIERED, CLAUDES } from './scopes.ts'

/** What AI SDK 7 does not have. */
export const REASONS_OF_7: readonly Reason[] = [
  {
    why: 'After an error event the stream ends without the provider metadata, which contains this.',
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
    why: 'AI SDK 7 reports cache writes of object functions only in the provider metadata, which `register` turns on.',
    variants: ['7'],
    providers: CLAUDES,
    modes: ['object', 'stream object'],
    fields: ['cache write'],
    flags: ['cache_unknown'],
  },
  {
    why: 'AI SDK 7 reports an unknown provider as the known one that its name starts with; only the provider metadata distinguishes them.',
    variants: ['7'],
    providers: ['openai-compatible'],
    instead: { provider: () => 'openai' },
  },
  {
    why: 'AI SDK 7 reports an unknown provider as the known one that its name starts with; only the provider metadata distinguishes them.',
    variants: ['7-register', '7-optin'],
    providers: ['openai-compatible'],
    scenarios: /^(content-not-recorded|embed|embed-many|stream-unread|stream-broken-off)$/,
    instead: { provider: () => 'openai' },
  },
]
