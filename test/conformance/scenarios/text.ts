import { ALL_MAJORS, ALL_PROVIDERS, type Scenario } from '../scenario.ts'
import { consume } from './consume.ts'

const everywhere = { providers: ALL_PROVIDERS, majors: ALL_MAJORS }

/** One question, one answer. */
export const TEXT_SCENARIOS: readonly Scenario[] = [
  {
    ...everywhere,
    name: 'generate-text',
    run: ({ sdk, model, telemetry }) =>
      sdk.ai.generateText({ model: model(), prompt: 'What is a span?', ...telemetry() }),
  },
  {
    ...everywhere,
    name: 'generate-text-messages',
    run: ({ sdk, model, telemetry, system, maxOutputTokens }) =>
      sdk.ai.generateText({
        model: model(),
        ...system('You are terse.'),
        messages: [
          { role: 'user', content: 'Name a colour.' },
          { role: 'assistant', content: 'Red.' },
          { role: 'user', content: [{ type: 'text', text: 'Another one.' }] },
        ],
        ...maxOutputTokens(200),
        temperature: 0.5,
        topP: 0.9,
        ...telemetry(),
      }),
  },
  {
    ...everywhere,
    name: 'stream-text',
    run: ({ sdk, model, telemetry, system }) =>
      consume(
        sdk.ai.streamText({
          model: model(),
          ...system('You are terse.'),
          prompt: 'What is a trace?',
          ...telemetry(),
        }),
      ),
  },
  {
    ...everywhere,
    name: 'finish-by-length',
    answer: { finishReason: 'length' },
    run: ({ sdk, model, telemetry, maxOutputTokens }) =>
      sdk.ai.generateText({ model: model(), prompt: 'Tell me everything.', ...maxOutputTokens(16), ...telemetry() }),
  },
  {
    ...everywhere,
    name: 'content-not-recorded',
    run: ({ sdk, model, telemetry }) =>
      sdk.ai.generateText({
        model: model(),
        prompt: 'A secret question.',
        ...telemetry({ recordInputs: false, recordOutputs: false }),
      }),
  },
]
