import { judgeCell, type CellVerdict } from './judge-cell.ts'
import { type CellRun, runCell } from './run-cell.ts'
import type { Combination } from './run-scenario.ts'
import { ALL_PROVIDERS } from './scenario.ts'
import { applies, SCENARIOS } from './scenarios.ts'
import { createSharedCapture } from './shared-capture.ts'
import type { Variant } from './variants.ts'

/** Runs of one dialect, each with what came of it. */
export interface MatrixRun {
  readonly verdicts: readonly CellVerdict[]
  /** Spans that belong to no cell, by name; there must be none. */
  readonly strays: readonly string[]
}

// Most of a cell is waiting, for answers that are slow on purpose and for spans that never end.
const AT_ONCE = 12

// What `register` adds before version 7 is what the model answers to a whole request; streams are as they were.
const ANSWERED_WHOLE =
  /^(generate-.*|content-not-recorded|output-object|tools|failing-tool|sub-agent|cache|reasoning|service-tier|no-usage)$/

/** Every scenario with every provider that has it, in one dialect. */
export function cellsOf(variant: Variant): readonly Combination[] {
  const scenarios = /^[456]-register$/.test(variant)
    ? SCENARIOS.filter(({ name }) => ANSWERED_WHOLE.test(name))
    : SCENARIOS
  return ALL_PROVIDERS.flatMap((provider) =>
    scenarios
      .filter((scenario) => applies(scenario, variant, provider))
      .map((scenario) => ({
        scenario,
        variant,
        provider,
      })),
  )
}

/** Runs cells, many at a time, and compares each with what went over the wire. Cells come back in the order given. */
export async function runMatrix(
  cells: readonly Combination[],
  look: (run: CellRun) => void = () => {},
): Promise<MatrixRun> {
  const shared = createSharedCapture()
  // The majors print warnings about settings that a model does not take.
  Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false })
  const verdicts: CellVerdict[] = []
  const waiting = [...cells.entries()]
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, cell] = next
      const run = await runCell(cell, shared)
      look(run)
      verdicts[index] = judgeCell(run)
    }
  }
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    return { verdicts, strays: shared.strays }
  } finally {
    await shared.close()
  }
}
