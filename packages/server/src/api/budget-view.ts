import type { BudgetState } from '@spanledger/store'
import type { BudgetView } from './schemas/budget.ts'

/** Converts a budget for the API. A webhook URL may contain a secret, so only admins see more than its origin. */
export function toBudgetView(budget: BudgetState, isAdmin: boolean): BudgetView {
  return {
    id: budget.id,
    name: budget.name,
    scope: budget.scope as BudgetView['scope'], // the same filter names and values
    period: budget.period,
    tz: budget.tz,
    limitUsd: budget.limitNanoUsd / 1e9,
    webhookUrl: budget.webhookUrl === null || isAdmin ? budget.webhookUrl : originOf(budget.webhookUrl),
    createdAt: budget.createdAt,
    state: {
      spentNanoUsd: budget.spentNanoUsd,
      spentUsd: budget.spentNanoUsd / 1e9,
      percent: budget.percent,
      periodStart: budget.periodStart,
      periodEnd: budget.periodEnd,
      lastWarning: budget.lastWarning,
    },
  }
}

function originOf(url: string): string | null {
  return URL.parse(url)?.origin ?? null
}
