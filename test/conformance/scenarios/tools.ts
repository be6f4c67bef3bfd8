import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod/v3'
import type { ToolDefinition } from '../dialect.ts'
import { ALL_MAJORS, ALL_PROVIDERS, type Scenario, type ScenarioContext } from '../scenario.ts'
import { consume, quiet } from './consume.ts'

const everywhere = { providers: ALL_PROVIDERS, majors: ALL_MAJORS }

const weather: ToolDefinition = {
  description: 'The weather in a city',
  input: z.object({ city: z.string() }),
  execute: async () => ({ celsius: 21 }),
}
const failing: ToolDefinition = {
  ...weather,
  execute: async () => {
    throw new Error('the weather station is closed')
  },
}

/** Tools: called, called together, failing, unknown, misused, and agents among them. */
export const TOOL_SCENARIOS: readonly Scenario[] = [
  {
    ...everywhere,
    name: 'tools',
    answer: { toolRounds: 2, toolCalls: [{ name: 'weather', arguments: { city: 'Paris' } }] },
    run: (context) => context.sdk.ai.generateText(withTools(context, { weather })),
  },
  {
    ...everywhere,
    name: 'stream-tools',
    answer: { toolRounds: 2, toolCalls: [{ name: 'weather', arguments: { city: 'Paris' } }] },
    run: (context) => consume(context.sdk.ai.streamText(withTools(context, { weather }))),
  },
  {
    ...everywhere,
    name: 'parallel-tools',
    answer: {
      toolCalls: [
        { name: 'weather', arguments: { city: 'Paris' } },
        { name: 'weather', arguments: { city: 'Rome' } },
        { name: 'time', arguments: { city: 'Rome' } },
      ],
    },
    run: (context) =>
      context.sdk.ai.generateText(withTools(context, { weather, time: { ...weather, execute: async () => '12:30' } })),
  },
  {
    ...everywhere,
    name: 'failing-tool',
    answer: { toolCalls: [{ name: 'weather', arguments: { city: 'Paris' } }] },
    mayThrow: true,
    run: (context) => context.sdk.ai.generateText(withTools(context, { weather: failing })),
  },
  {
    ...everywhere,
    name: 'stream-failing-tool',
    answer: { toolCalls: [{ name: 'weather', arguments: { city: 'Paris' } }] },
    mayThrow: true,
    run: (context) => consume(context.sdk.ai.streamText({ ...withTools(context, { weather: failing }), ...quiet })),
  },
  {
    ...everywhere,
    name: 'unknown-tool',
    answer: { toolCalls: [{ name: 'horoscope', arguments: { sign: 'leo' } }] },
    mayThrow: true,
    run: (context) => context.sdk.ai.generateText(withTools(context, { weather })),
  },
  {
    ...everywhere,
    name: 'invalid-tool-arguments',
    answer: { toolCalls: [{ name: 'weather', arguments: { town: 'Paris' } }] },
    mayThrow: true,
    run: (context) => context.sdk.ai.generateText(withTools(context, { weather })),
  },
  {
    ...everywhere,
    name: 'sub-agent',
    answer: { toolCalls: [{ name: 'research', arguments: { topic: 'tea' } }] },
    run: (context) => context.sdk.ai.generateText(withTools(context, { research: subAgent(context) })),
  },
  {
    ...everywhere,
    name: 'slow-tool',
    answer: { toolCalls: [{ name: 'weather', arguments: { city: 'Paris' } }] },
    run: (context) => {
      const slow = { ...weather, execute: () => sleep(120, { celsius: 21 }) }
      return consume(context.sdk.ai.streamText(withTools(context, { weather: slow })))
    },
  },
]

function withTools(
  { model, telemetry, steps, tools }: ScenarioContext,
  definitions: Readonly<Record<string, ToolDefinition>>,
): Readonly<Record<string, unknown>> {
  return { model: model(), prompt: 'What is it like there?', ...tools(definitions), ...steps(5), ...telemetry() }
}

function subAgent({ sdk, model, telemetry }: ScenarioContext): ToolDefinition {
  return {
    description: 'Looks something up',
    input: z.object({ topic: z.string() }),
    execute: async (input) => {
      const prompt = `Research ${JSON.stringify(input)}`
      const { text } = await sdk.ai.generateText({
        model: model(),
        prompt,
        ...telemetry({ functionId: 'researcher' }),
      })
      return text
    },
  }
}
