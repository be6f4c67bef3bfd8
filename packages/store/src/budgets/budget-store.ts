import type { Budget, BudgetState, NewBudget, PeriodWarning } from './budget.ts'

/** Stores budgets, and which process delivers their warnings. */
export interface BudgetStore {
  /** All budgets by name, with what was spent in the current period. */
  budgets(): Promise<readonly BudgetState[]>

  /** Creates a budget. Rejects with a sentence if a value is not valid. */
  createBudget(budget: NewBudget): Promise<Budget>

  /** Deletes a budget with its warnings. False if it does not exist. */
  deleteBudget(id: string): Promise<boolean>

  /**
   * Leases a warning for some milliseconds. Returns how often it was leased, this time included; undefined if another
   * process holds the lease, or if this warning or a higher one is settled. If the holder dies, the next caller gets the lease once it has
   * expired.
   */
  takeWarning(id: string, warning: PeriodWarning, forMs: number): Promise<number | undefined>

  /**
   * Extends the lease to some milliseconds from now; 0 returns it. False if the warning is settled or a higher one was
   * leased: then it must not be delivered any more.
   */
  holdWarning(id: string, warning: PeriodWarning, forMs: number): Promise<boolean>

  /**
   * Marks a warning as delivered or given up, so that nobody leases it again, and shows it as the `lastWarning` of its
   * period unless a higher one is shown.
   */
  settleWarning(id: string, warning: PeriodWarning): Promise<void>
}
