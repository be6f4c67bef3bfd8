import { ALL_MAJORS, ALL_PROVIDERS, CORE_PROVIDERS, type Scenario, type ScenarioContext } from '../scenario.ts'
import type { Options } from '../sdk.ts'
import { consume } from './consume.ts'

const everywhere = { providers: ALL_PROVIDERS, majors: ALL_MAJORS }

// The provider packages refuse an answer without usage on the other two wires.
const withoutUsage: Pick<Scenario, 'providers' | 'majors' | 'answer'> = {
  providers: ['openai.chat', 'google'],
  majors: ALL_MAJORS,
  answer: { usage: 'none' },
}

const cached = {
  inputTokens: 1000,
  cacheReadTokens: 300,
  cacheWriteTokens: 200,
  cacheWrite1hTokens: 50,
  outputTokens: 40,
}
const reasoned = { inputTokens: 100, outputTokens: 90, reasoningTokens: 64 }

const REASONING_OPTIONS: Options = {
  openai: { reasoningEffort: 'low', reasoningSummary: 'auto' },
  anthropic: { thinking: { type: 'enabled', budgetTokens: 1024 } },
  google: { thinkingConfig: { thinkingBudget: 1024, includeThoughts: true } },
  bedrock: { reasoningConfig: { type: 'enabled', budgetTokens: 1024 } },
}

/** Token counts beyond input and output. */
export const USAGE_SCENARIOS: readonly Scenario[] = [
  {
    ...everywhere,
    name: 'cache',
    answer: { usage: cached },
    run: ({ sdk, model, telemetry }) => sdk.ai.generateText({ model: model(), prompt: 'Long, again.', ...telemetry() }),
  },
  {
    ...everywhere,
    name: 'stream-cache',
    answer: { usage: cached },
    run: ({ sdk, model, telemetry }) =>
      consume(sdk.ai.streamText({ model: model(), prompt: 'Long, again.', ...telemetry() })),
  },
  {
    ...everywhere,
    name: 'reasoning',
    answer: { usage: reasoned, reasoning: 'Seven times eight is fifty-six.' },
    run: (context) => context.sdk.ai.generateText(puzzle(context)),
  },
  {
    ...everywhere,
    name: 'stream-reasoning',
    answer: { usage: reasoned, reasoning: 'Seven times eight is fifty-six.' },
    run: (context) => consume(context.sdk.ai.streamText(puzzle(context))),
  },
  {
    // The others neither ask for a tier nor name one.
    providers: [...CORE_PROVIDERS, 'azure', 'azure.responses', 'bedrock', 'vertex', 'gateway'],
    majors: ALL_MAJORS,
    name: 'service-tier',
    answer: { serviceTier: 'priority' },
    run: ({ sdk, model, telemetry }) =>
      sdk.ai.generateText({
        model: model(),
        prompt: 'Quickly, please.',
        providerOptions: { openai: { serviceTier: 'priority' } },
        ...telemetry(),
      }),
  },
  {
    ...withoutUsage,
    name: 'no-usage',
    run: ({ sdk, model, telemetry }) =>
      sdk.ai.generateText({ model: model(), prompt: 'What is a span?', ...telemetry() }),
  },
  {
    ...withoutUsage,
    name: 'stream-no-usage',
    run: ({ sdk, model, telemetry }) =>
      consume(sdk.ai.streamText({ model: model(), prompt: 'What is a span?', ...telemetry() })),
  },
]

function puzzle({ model, telemetry }: ScenarioContext): Options {
  return { model: model('reasoning'), prompt: 'Seven times eight?', providerOptions: REASONING_OPTIONS, ...telemetry() }
}
