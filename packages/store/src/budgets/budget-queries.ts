import { randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { BudgetScope } from './budget-scope.ts'
import type { BudgetStore } from './budget-store.ts'
import {
  type Budget,
  BUDGET_PERIODS,
  type BudgetPeriod,
  type BudgetState,
  type BudgetWarning,
  type NewBudget,
} from './budget.ts'
import { FILTER_NAMES } from '../calls/call-filter.ts'
import { cleanJson, cleanText } from '../sql/clean-text.ts'
import type { BucketSize } from '../sums/time-bucket.ts'
import type { BudgetRow, Tables } from '../sql/tables.ts'
import { createTimeGrid } from '../sums/time-buckets.ts'
import type { UsageStore } from '../usage/usage-store.ts'

const BUCKETS: Readonly<Record<BudgetPeriod, BucketSize>> = { day: '1d', week: '1w', month: '1mo' }

/** Stores budgets; `spend` returns what calls cost. `now` returns epoch milliseconds. */
export function createBudgetQueries(
  db: Kysely<Tables>,
  spend: Pick<UsageStore, 'summary'>,
  now: () => number,
): Pick<BudgetStore, 'budgets' | 'createBudget' | 'deleteBudget'> {
  async function stateOf(row: BudgetRow, time: number): Promise<BudgetState> {
    const budget = toBudget(row)
    const { start, end } = periodOf(budget, time)
    const { costNanoUsd } = await spend.summary({ ...budget.scope, from: start, to: end })
    const spentNanoUsd = costNanoUsd ?? 0
    return {
      ...budget,
      spentNanoUsd,
      percent: (spentNanoUsd / budget.limitNanoUsd) * 100,
      periodStart: start,
      periodEnd: end,
      lastWarning: row.warned_period_start === start ? (row.warned_percent as BudgetWarning | null) : null, // written by `settleWarning`
    }
  }

  return {
    async budgets() {
      const rows = await db.selectFrom('budgets').selectAll().orderBy('name').orderBy('id').execute()
      const time = now()
      const states: BudgetState[] = []
      for (const row of rows) states.push(await stateOf(row, time))
      return states
    },

    async createBudget(given) {
      const row = toRow(given, now())
      const others = await db.selectFrom('budgets').select('id').where('name', '=', row.name).execute()
      if (others.length > 0) {
        throw new Error(`A budget with the name "${row.name}" already exists; remove it first, or use another name`)
      }
      await db.insertInto('budgets').values(row).execute()
      return toBudget(row)
    },

    async deleteBudget(id) {
      return (await sql`delete from budgets where id = ${id} returning id`.execute(db)).rows.length > 0
    },
  }
}

function periodOf({ period, tz }: Pick<Budget, 'period' | 'tz'>, time: number): { start: number; end: number } {
  const [bucket] = createTimeGrid({ from: time, to: time + 1, tz, size: BUCKETS[period] }).buckets
  if (bucket === undefined) throw new Error('A budget period has no bucket')
  return bucket
}

function toRow(given: NewBudget, createdAt: number): BudgetRow {
  const { name, scope, period, tz, limitNanoUsd, webhookUrl } = given
  if (name.trim() === '') throw new Error('A budget needs a name')
  if (!BUDGET_PERIODS.includes(period)) {
    throw new Error(`Unknown period ${JSON.stringify(period)}; use ${BUDGET_PERIODS.join(', ')}`)
  }
  if (!Number.isSafeInteger(limitNanoUsd) || limitNanoUsd <= 0) {
    throw new Error(`The limit of a budget is ${limitNanoUsd} nano-USD; expected an integer above 0`)
  }
  for (const filter of Object.keys(scope)) {
    if (!FILTER_NAMES.some((name) => name === filter)) {
      throw new Error(`Unknown filter "${filter}" of a budget; use ${FILTER_NAMES.join(', ')}`)
    }
  }
  periodOf({ period, tz }, createdAt) // throws if the zone is unknown
  return {
    id: randomUUID(),
    name: cleanText(name),
    scope: cleanJson(scope),
    period,
    tz,
    limit_nano_usd: limitNanoUsd,
    webhook_url: webhookUrl ? cleanText(webhookUrl) : null,
    warned_percent: null,
    warned_period_start: null,
    created_at: createdAt,
  }
}

function toBudget(row: BudgetRow): Budget {
  return {
    id: row.id,
    name: row.name,
    scope: JSON.parse(row.scope) as BudgetScope, // checked by `createBudget`
    period: row.period as BudgetPeriod, // as above
    tz: row.tz,
    limitNanoUsd: row.limit_nano_usd,
    webhookUrl: row.webhook_url,
    createdAt: row.created_at,
  }
}
