import type { BudgetScope } from './budget-scope.ts'

/** How often a budget resets, in its time zone; weeks start on Monday. */
export type BudgetPeriod = 'day' | 'week' | 'month'

/** Every budget period, for code that checks input. */
export const BUDGET_PERIODS: readonly BudgetPeriod[] = ['day', 'week', 'month']

/** A budget to create. */
export interface NewBudget {
  readonly name: string
  /** Which calls count; all of them if empty. */
  readonly scope: BudgetScope
  readonly period: BudgetPeriod
  /** IANA name. */
  readonly tz: string
  /** Nano-USD, above 0. */
  readonly limitNanoUsd: number
  /** Receives the warnings at 50, 80 and 95 percent. */
  readonly webhookUrl?: string | null | undefined
}

/** How much the calls of a filter may cost in a period. */
export interface Budget {
  readonly id: string
  readonly name: string
  readonly scope: BudgetScope
  readonly period: BudgetPeriod
  readonly tz: string
  readonly limitNanoUsd: number
  readonly webhookUrl: string | null
  /** Epoch milliseconds. */
  readonly createdAt: number
}

/** A budget with its spending in the current period. */
export interface BudgetState extends Budget {
  /** The known cost of the calls that started in the period. */
  readonly spentNanoUsd: number
  /** Of the limit; above 100 if it is exceeded. */
  readonly percent: number
  /** The current period, epoch milliseconds; the end is excluded. */
  readonly periodStart: number
  readonly periodEnd: number
  /** The highest warning settled in this period (`settleWarning`). */
  readonly lastWarning: BudgetWarning | null
}

/** The percentages of the limit that cause a warning. */
export type BudgetWarning = 50 | 80 | 95

/** A warning of a budget in one of its periods. */
export interface PeriodWarning {
  readonly percent: BudgetWarning
  /** The `periodStart` of the `BudgetState` that caused the warning. */
  readonly periodStart: number
}
