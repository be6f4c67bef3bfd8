import type { Reason } from '../undecidable.ts'
import { OF_4, OF_5, OF_6, ALL_OF_7, ANSWERS } from './scopes.ts'

/** What several majors do not have. */
export const REASONS_OF_MANY: readonly Reason[] = [
  {
    why: 'The stream was not read to its end, so its span never ends: the row is `abandoned` and has no tokens.',
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
    why: 'The package reports the tokens that the model read instead of those that Cohere bills, so the cost is an upper bound.',
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
    why: 'The package does not report the charge in the answer; the cost is the list price.',
    variants: [...OF_4, ...OF_5, ...OF_6],
    providers: ['xai'],
    flags: ['assumed_list_price', 'cache_at_input_rate'],
  },
  {
    why: 'No version puts the provider metadata of embeddings and rankings on the span, which contains the charge; the cost is the list price.',
    variants: ['5', '6', ...ALL_OF_7],
    providers: ['gateway', 'openrouter'],
    modes: ['embed'],
    flags: ['assumed_list_price', 'cache_at_input_rate'],
  },
  {
    why: 'No version reports the number of searches of a ranking.',
    modes: ['rerank'],
    fields: ['cost'],
  },
  {
    why: 'The package for Mistral omits a count of 0.',
    variants: [...OF_6, ...ALL_OF_7],
    providers: ['mistral'],
    onlyZero: true,
    fields: ['cache read'],
  },
  {
    why: 'The packages for AI SDK 4 and 5 do not read tokens written to a cache by OpenRouter.',
    variants: [...OF_4, ...OF_5],
    providers: ['openrouter'],
    fields: ['cache write'],
  },
]
