import { judgeBill } from './judge-bill.ts'
import { outcomeProblems } from './judge-outcome.ts'
import { settledProblems } from './judge-settled.ts'
import { traceProblems } from './judge-trace.ts'
import { matchAttempts } from './match-attempts.ts'
import type { ProviderName } from './providers.ts'
import type { CellRun } from './run-cell.ts'
import type { Reason } from './undecidable.ts'
import type { Variant } from './variants.ts'

/** What came of one cell of the matrix. `exact` when it has neither reasons nor problems, `unknown` with reasons only. */
export interface CellVerdict {
  readonly variant: Variant
  readonly provider: ProviderName
  readonly scenario: string
  /** Why numbers are not on rows that were on the wire. */
  readonly reasons: readonly Reason[]
  /** What is wrong. */
  readonly problems: readonly string[]
}

/** Compares everything in a cell with what went over the wire. */
export function judgeCell(cell: CellRun): CellVerdict {
  const { variant, provider, scenario } = cell
  const billable = cell.rows.filter((row) => row.billable === 1)
  const attempts = matchAttempts(cell.calls, billable)
  const bills = attempts.map((attempt) => judgeBill(attempt, { variant, provider, scenario: scenario.name }))
  return {
    variant,
    provider,
    scenario: scenario.name,
    reasons: [...new Set(bills.flatMap(({ reasons }) => reasons))],
    problems: [
      ...bills.flatMap(({ problems }) => problems),
      ...outcomeProblems(cell, attempts),
      ...traceProblems(cell, attempts),
      ...settledProblems(cell),
    ],
  }
}
