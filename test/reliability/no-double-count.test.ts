import { expect, test } from 'vitest'
import { GenAISpanProcessor, openUsageLog, UsageSpanProcessor } from 'spanledger'
import { runScenario } from '../conformance/run-scenario.ts'
import { applies, scenarioNamed } from '../conformance/scenarios.ts'
import type { Variant } from '../conformance/variants.ts'
import { IS_FULL, LIMIT, sayFigure } from './form.ts'
import { sqliteLedger } from './ledgers.ts'
import { newFolder } from './start-app.ts'

const SCENARIOS = ['generate-text', 'stream-text', 'tools', 'stream-tools', 'embed-many', 'sub-agent', 'retry']
const VARIANTS: readonly Variant[] = IS_FULL
  ? ['4', '5', '6', '7-legacy', '7', '4-register', '5-register', '6-register', '7-register', '7-optin']
  : ['5', '6', '7', '7-legacy']

test.each(VARIANTS)('R8 the rows of AI SDK %s add up to what the provider has billed', LIMIT, async (variant) => {
  Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false })
  const ledger = sqliteLedger(newFolder())
  const log = openUsageLog(ledger.url)
  const billed = { calls: 0, input: 0, output: 0 }
  const runs = SCENARIOS.map((name) => scenarioNamed(name)).filter((scenario) =>
    applies(scenario, variant, 'openai.chat'),
  )
  for (const scenario of runs) {
    const processor = new GenAISpanProcessor([new UsageSpanProcessor({ ...log, close: async () => {} })])
    const { calls } = await runScenario({ scenario, variant, provider: 'openai.chat' }, { processors: [processor] })
    for (const call of calls) {
      if (call.billed === undefined) continue
      billed.calls += 1
      billed.input += call.billed.inputTokens ?? 0
      billed.output += call.billed.outputTokens ?? 0
    }
  }
  await log.close()
  const [rows] = await ledger.rows(
    `select coalesce(sum(input_tokens), 0) as input, coalesce(sum(output_tokens), 0) as output from calls where billable = 1`,
  )
  const ratio = (Number(rows?.['input']) + Number(rows?.['output'])) / (billed.input + billed.output)
  sayFigure(`R8 no double count, AI SDK ${variant}`, { 'billed calls': billed.calls, ratio: ratio.toFixed(3) })
  expect(billed.calls).toBeGreaterThan(5)
  expect(rows).toEqual({ input: billed.input, output: billed.output })
})
