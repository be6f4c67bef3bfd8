import type { Budget, BudgetState, NewBudget, PeriodWarning } from './budget.ts'

/** Stores budgets and leases their warnings to one process at a time. */
export interface BudgetStore {
  /** All budgets by name, with what was spent in the current period. */
  budgets(): Promise<readonly BudgetState[]>

  /** Creates a budget. Rejects with a sentence if a value is not valid, or another budget has its name. */
  createBudget(budget: NewBudget): Promise<Budget>

  /** Deletes a budget with its warnings. False if it does not exist. */
  deleteBudget(id: string): Promise<boolean>

  /**
   * Leases a warning for `forMs`. Returns the attempt number, from 1; undefined if another process holds the lease, if
   * this warning or a higher one is settled, or if the budget does not exist. If the holder dies, the lease expires.
   */
  takeWarning(id: string, warning: PeriodWarning, forMs: number): Promise<number | undefined>

  /**
   * Extends the lease to `forMs` from now; 0 releases it. False if the warning is settled or a higher one was leased: the
   * caller must then not deliver it.
   */
  holdWarning(id: string, warning: PeriodWarning, forMs: number): Promise<boolean>

  /**
   * Marks a warning as delivered or abandoned, so that it is never leased again, and makes it the `lastWarning` of its
   * period unless that is higher.
   */
  settleWarning(id: string, warning: PeriodWarning): Promise<void>
}
