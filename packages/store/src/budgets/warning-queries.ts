import { type Kysely, type RawBuilder, sql, type SqlBool } from 'kysely'
import type { PeriodWarning } from './budget.ts'
import type { BudgetStore } from './budget-store.ts'
import type { Tables } from '../sql/tables.ts'

/** Leases budget warnings until they are settled. `now` returns epoch milliseconds. */
export function createWarningQueries(
  db: Kysely<Tables>,
  now: () => number,
): Pick<BudgetStore, 'takeWarning' | 'holdWarning' | 'settleWarning'> {
  return {
    async takeWarning(id, warning, forMs) {
      const time = now()
      const { percent, periodStart } = warning
      const leased = await sql<{ attempts: number }>`
        insert into budget_warnings (budget_id, period_start, percent, due_at, attempts)
        select id, ${periodStart}, ${percent}, ${time + forMs}, 1 from budgets where id = ${id} and not ${isShown(warning)}
        on conflict (budget_id, period_start, percent) do update
          set due_at = excluded.due_at, attempts = budget_warnings.attempts + 1
          where budget_warnings.told_at is null and budget_warnings.due_at <= ${time}
        returning attempts`.execute(db)
      return leased.rows[0]?.attempts
    },

    async holdWarning(id, warning, forMs) {
      const { percent, periodStart } = warning
      const held = await sql`
        update budget_warnings set due_at = ${now() + forMs}
        where budget_id = ${id} and period_start = ${periodStart} and percent = ${percent} and told_at is null
          and not exists (
            select 1 from budget_warnings as higher
            where higher.budget_id = ${id} and higher.period_start = ${periodStart} and higher.percent > ${percent}
          )
          and not exists (select 1 from budgets where id = ${id} and ${isShown(warning)})
        returning attempts`.execute(db)
      return held.rows.length > 0
    },

    async settleWarning(id, warning) {
      const { percent, periodStart } = warning
      // First, because this alone settles the warning if the process dies before the next statement.
      await sql`
        update budgets set warned_percent = ${percent}, warned_period_start = ${periodStart}
        where id = ${id} and coalesce(warned_period_start, 0) <= ${periodStart} and not ${isShown(warning)}`.execute(db)
      await sql`
        update budget_warnings set told_at = ${now()}
        where budget_id = ${id} and period_start = ${periodStart} and percent = ${percent}`.execute(db)
      await sql`delete from budget_warnings where budget_id = ${id} and period_start < ${periodStart}`.execute(db)
    },
  }
}

// A server of an older version reads and writes only these columns of a settled warning.
function isShown({ percent, periodStart }: PeriodWarning): RawBuilder<SqlBool> {
  return sql<SqlBool>`(coalesce(warned_period_start, -1) = ${periodStart} and coalesce(warned_percent, 0) >= ${percent})`
}
