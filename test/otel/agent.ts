import type { Call } from '@spanledger/core'
import { GenAISpanProcessor, UsageSpanProcessor } from '@spanledger/otel'
import { z } from 'zod/v3'
import type { CaptureOptions } from '../conformance/capture.ts'
import { listSink } from '../conformance/ledger.ts'
import { type Run, runScenario } from '../conformance/run-scenario.ts'
import { ALL_MAJORS, type Scenario, type ScenarioContext } from '../conformance/scenario.ts'
import type { Options } from '../conformance/sdk.ts'
import type { CallTelemetry, Variant } from '../conformance/variants.ts'

/** Dialects that agents are run in; 7 with what `register()` turns on. */
export const DIALECTS = ['4', '5', '6', '7-legacy', '7-optin'] as const

/** Says nothing about itself, so that everything comes from around it. */
export const SILENT: CallTelemetry = { functionId: undefined as never, metadata: {} }

/** What an agent says about itself, by what it is called. */
export type TelemetryOf = (context: ScenarioContext, name: string) => object

/** Options of an agent with one tool, which it calls once. */
export function agentOptions(context: ScenarioContext, telemetry: object, execute: () => Promise<unknown>): Options {
  const { model, tools, steps } = context
  const research = { description: 'Looks something up', input: z.object({ topic: z.string() }), execute }
  return { model: model(), prompt: 'Tea?', ...tools({ research }), ...steps(3), ...telemetry }
}

/** An agent that asks another agent by a tool. */
export function agent(telemetryOf: TelemetryOf): Scenario {
  return scenario('agent', (context) => {
    const ask = () => askAgent(context, telemetryOf(context, 'researcher'))
    return context.sdk.ai.generateText(agentOptions(context, telemetryOf(context, 'summarize'), ask))
  })
}

/** An agent without a tool. */
export async function askAgent({ sdk, model }: ScenarioContext, telemetry: object): Promise<string> {
  const { text } = await sdk.ai.generateText({ model: model(), prompt: 'Research tea', ...telemetry })
  return text
}

/** Anything else that is done with the SDK. */
export function scenario(name: string, run: Scenario['run']): Scenario {
  const answer = { toolCalls: [{ name: 'research', arguments: { topic: 'tea' } }] }
  return { name, providers: ['openai'], majors: ALL_MAJORS, answer, run }
}

/** An agent that says nothing about itself. */
export const SILENT_AGENT = agent(({ telemetry }) => telemetry(SILENT))

/** What a run left behind, with the rows of its ledger. */
export interface AgentRun extends Run {
  readonly rows: readonly Call[]
}

/** Runs a scenario in an application with a ledger. */
export async function runAgent(variant: Variant, of: Scenario, options: CaptureOptions = {}): Promise<AgentRun> {
  const rows: Call[] = []
  const ledger = new GenAISpanProcessor([new UsageSpanProcessor(listSink(rows))])
  const processors = [...(options.processors ?? []), ledger]
  const run = await runScenario({ scenario: of, variant, provider: 'openai' }, { ...options, processors })
  return { ...run, rows }
}

/** Different values of some columns, over all rows. */
export function distinct(rows: readonly Call[], ...columns: readonly (keyof Call)[]): readonly unknown[] {
  const values = rows.map((row) => JSON.stringify(Object.fromEntries(columns.map((column) => [column, row[column]]))))
  return [...new Set(values)].sort().map((value) => JSON.parse(value) as unknown)
}
