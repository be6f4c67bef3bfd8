import { type Kysely, sql } from 'kysely'
import type { BudgetStore } from './budget-store.ts'
import type { Tables } from '../sql/tables.ts'

/** What keeps who is telling a warning, until it is told. `now` gives epoch milliseconds. */
export function createWarningQueries(
  db: Kysely<Tables>,
  now: () => number,
): Pick<BudgetStore, 'takeWarning' | 'holdWarning' | 'settleWarning'> {
  return {
    async takeWarning(id, { percent, periodStart }, forMs) {
      const time = now()
      const taken = await sql<{ attempts: number }>`
        insert into budget_warnings (budget_id, period_start, percent, due_at, attempts)
        values (${id}, ${periodStart}, ${percent}, ${time + forMs}, 1)
        on conflict (budget_id, period_start, percent) do update
          set due_at = excluded.due_at, attempts = budget_warnings.attempts + 1
          where budget_warnings.told_at is null and budget_warnings.due_at <= ${time}
        returning attempts`.execute(db)
      return taken.rows[0]?.attempts
    },

    async holdWarning(id, { percent, periodStart }, forMs) {
      const held = await sql`
        update budget_warnings set due_at = ${now() + forMs}
        where budget_id = ${id} and period_start = ${periodStart} and percent = ${percent} and told_at is null
          and not exists (
            select 1 from budget_warnings as higher
            where higher.budget_id = ${id} and higher.period_start = ${periodStart} and higher.percent > ${percent}
          )
        returning attempts`.execute(db)
      return held.rows.length > 0
    },

    async settleWarning(id, { percent, periodStart }) {
      await sql`
        update budget_warnings set told_at = ${now()}
        where budget_id = ${id} and period_start = ${periodStart} and percent = ${percent}`.execute(db)
      await sql`delete from budget_warnings where budget_id = ${id} and period_start < ${periodStart}`.execute(db)
    },
  }
}
