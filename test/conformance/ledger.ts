import type { Call, UsageSink } from '@spanledger/core'
import { GenAISpanProcessor, UsageSpanProcessor } from '@spanledger/otel'
import { type Combination, type Run, runScenario } from './run-scenario.ts'

/** A run with what the ledger made of it. */
export interface LedgerRun extends Run {
  readonly rows: readonly Call[]
}

/** A sink that keeps calls in a list. */
export function listSink(rows: Call[]): UsageSink {
  return {
    write: (call) => void rows.push(call),
    flush: async () => {},
    close: async () => {},
    stats: () => ({
      generated: rows.length,
      stored: rows.length,
      deduplicated: 0,
      rejected: {},
      dropped: {},
      journaled: 0,
    }),
  }
}

/** Runs a scenario with our processors in the pipeline, as an application has them. */
export async function runWithLedger(combination: Combination): Promise<LedgerRun> {
  const rows: Call[] = []
  const processor = new GenAISpanProcessor([new UsageSpanProcessor(listSink(rows))])
  const run = await runScenario(combination, { processors: [processor] })
  return { ...run, rows }
}
