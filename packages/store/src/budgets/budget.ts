import type { BudgetScope } from './budget-scope.ts'

/** The stretch of time after which a budget starts anew, in its time zone; weeks start on Monday. */
export type BudgetPeriod = 'day' | 'week' | 'month'

/** Every budget period, for whoever reads one from outside. */
export const BUDGET_PERIODS: readonly BudgetPeriod[] = ['day', 'week', 'month']

/** What a budget is made of. */
export interface NewBudget {
  readonly name: string
  /** Which calls count; all of them if empty. */
  readonly scope: BudgetScope
  readonly period: BudgetPeriod
  /** IANA name. */
  readonly tz: string
  /** Nano-USD, above 0. */
  readonly limitNanoUsd: number
  /** Who is told at 50, 80 and 95 percent. */
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

/** A budget and how it stands. */
export interface BudgetState extends Budget {
  /** What the calls that started in the period cost, as far as it is known. */
  readonly spentNanoUsd: number
  /** Of the limit; above 100 when it is exceeded. */
  readonly percent: number
  /** The period that it is now, epoch milliseconds. */
  readonly periodStart: number
  readonly periodEnd: number
  /** The highest warning that was settled in this period (`settleWarning`). */
  readonly lastWarning: BudgetWarning | null
}

/** The percents at which somebody is told. */
export type BudgetWarning = 50 | 80 | 95

/** A warning of a budget in one of its periods. */
export interface PeriodWarning {
  readonly percent: BudgetWarning
  /** That of the `BudgetState` that led here. */
  readonly periodStart: number
}
