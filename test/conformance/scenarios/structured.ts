import { z } from 'zod/v3'
import { ALL_MAJORS, ALL_PROVIDERS, EMBEDDING_PROVIDERS, type Scenario } from '../scenario.ts'
import { quiet } from './consume.ts'

const everywhere = { providers: ALL_PROVIDERS, majors: ALL_MAJORS }
const embeddings = { providers: EMBEDDING_PROVIDERS, majors: ALL_MAJORS }
const TEA = { name: 'tea', minutes: 5 }
const recipe = z.object({ name: z.string(), minutes: z.number() })

/** Answers that are objects or vectors. */
export const STRUCTURED_SCENARIOS: readonly Scenario[] = [
  {
    ...everywhere,
    name: 'generate-object',
    run: ({ sdk, model, telemetry }) =>
      sdk.ai.generateObject({
        model: model(),
        schema: recipe,
        schemaName: 'recipe',
        prompt: 'A recipe for tea.',
        ...telemetry(),
      }),
  },
  {
    ...everywhere,
    name: 'stream-object',
    run: async ({ sdk, model, telemetry }) => {
      const answer = sdk.ai.streamObject({
        model: model(),
        schema: recipe,
        prompt: 'A recipe for tea.',
        ...quiet,
        ...telemetry(),
      })
      for await (const part of answer.partialObjectStream) void part
    },
  },
  {
    ...everywhere,
    name: 'generate-object-invalid',
    answer: { objectFault: 'wrong-shape' },
    mayThrow: true,
    run: ({ sdk, model, telemetry }) =>
      sdk.ai.generateObject({ model: model(), schema: recipe, prompt: 'A recipe for tea.', ...telemetry() }),
  },
  {
    // AI SDK 4 asks Anthropic and Google for it in words only, so the server cannot tell; there the text is the object.
    ...everywhere,
    name: 'output-object',
    answer: { object: TEA, text: JSON.stringify(TEA) },
    run: ({ sdk, model, telemetry, output }) =>
      sdk.ai.generateText({ model: model(), ...output(recipe), prompt: 'A recipe for tea.', ...telemetry() }),
  },
  {
    ...embeddings,
    name: 'embed',
    run: ({ sdk, model, telemetry }) =>
      sdk.ai.embed({ model: model('embedding'), value: 'a sunny day', ...telemetry() }),
  },
  {
    ...embeddings,
    name: 'embed-many',
    run: ({ sdk, model, telemetry }) =>
      sdk.ai.embedMany({ model: model('embedding'), values: ['sun', 'rain', 'snow'], ...telemetry() }),
  },
  {
    // From 6 on, the Google package sends at most 100 texts a request, so this makes two.
    name: 'embed-many-chunks',
    providers: ['google'],
    majors: [6, 7],
    run: ({ sdk, model, telemetry }) =>
      sdk.ai.embedMany({
        model: model('embedding'),
        values: Array.from({ length: 101 }, (_, index) => `text ${index}`),
        ...telemetry(),
      }),
  },
]
