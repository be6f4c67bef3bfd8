import { judgeBill } from './judge-bill.ts'
import { outcomeProblems } from './judge-outcome.ts'
import { settledProblems } from './judge-settled.ts'
import { traceProblems } from './judge-trace.ts'
import { matchAttempts } from './match-attempts.ts'
import type { ProviderName } from './providers.ts'
import type { CellRun } from './run-cell.ts'
import type { Reason } from './undecidable.ts'
import type { Variant } from './variants.ts'

/** What came of one cell of the matrix. It is exact when nothing is in it, and honestly unknown with reasons only. */
export interface CellVerdict {
  readonly variant: Variant
  readonly provider: ProviderName
  readonly scenario: string
  /** Why numbers are not on rows that were on the wire. */
  readonly reasons: readonly Reason[]
  /** Numbers that are unknown without a listed reason, or known in spite of one. */
  readonly unlisted: readonly string[]
  /** Numbers that are wrong. */
  readonly problems: readonly string[]
  /** What else is not as it must be: outcomes, tools, who, time, and what raw spans give. */
  readonly differences: readonly string[]
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
    unlisted: bills.flatMap(({ unlisted }) => unlisted),
    problems: bills.flatMap(({ problems }) => problems),
    differences: [...outcomeProblems(cell, attempts), ...traceProblems(cell, attempts), ...settledProblems(cell)],
  }
}

/** Everything that must not be in a cell, said in full. */
export function faultsOf({ variant, provider, scenario, ...verdict }: CellVerdict): readonly string[] {
  const faults = [...verdict.problems, ...verdict.unlisted, ...verdict.differences]
  return faults.map((fault) => `${variant}, ${provider}, ${scenario}: ${fault}`)
}
