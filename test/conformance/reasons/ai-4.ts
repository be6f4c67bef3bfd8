import type { Reason } from '../undecidable.ts'
import { OF_4, ANSWERS, TIERED, CLAUDES } from './scopes.ts'

/** What AI SDK 4 does not have. */
export const REASONS_OF_4: readonly Reason[] = [
  {
    why: 'AI SDK 4 does not read tokens written to a cache.',
    variants: ['4'],
    providers: ['openai', 'openai.chat', 'azure', 'azure.responses'],
    fields: ['cache write'],
  },
  {
    why: 'AI SDK 4 does not read the service tier; the cost assumes the standard tier.',
    variants: ['4'],
    providers: TIERED,
    modes: ANSWERS,
    fields: ['service tier'],
    flags: ['assumed_standard_tier'],
  },
  {
    why: 'AI SDK 4 does not read the service tier; the cost assumes the standard tier.',
    variants: ['4-register'],
    providers: ['bedrock'],
    fields: ['service tier'],
    flags: ['assumed_standard_tier'],
  },
  {
    why: 'A Gemini answer without a service tier may still have had one; the cost assumes the standard tier.',
    variants: ['4-register', '5-register'],
    providers: ['google'],
    flags: ['assumed_standard_tier'],
  },
  {
    why: 'AI SDK 4 does not read the cache duration and reasoning tokens of Anthropic; the cost assumes 5 minutes.',
    variants: ['4'],
    providers: CLAUDES,
    fields: ['cache write 5 min', 'cache write 1 h', 'reasoning'],
    flags: ['assumed_5m'],
  },
  {
    why: 'AI SDK 4 does not read the cache duration and reasoning tokens of Anthropic; the cost assumes 5 minutes.',
    variants: ['4-register'],
    providers: ['bedrock'],
    fields: ['cache write 5 min', 'cache write 1 h', 'reasoning'],
    flags: ['assumed_5m'],
  },
  {
    why: 'AI SDK 4 drops the reasoning and cached tokens of Gemini, and with them the total output.',
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
    why: 'AI SDK 4 drops the provider metadata of a streamed step with a tool call, which contains the cached tokens of DeepSeek.',
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
]
