import { type Kysely, sql } from 'kysely'
import { priceFileOf } from './price-row.ts'
import { matchesFilter } from '../calls/matches-filter.ts'
import type { SqlFunctions } from '../sql/sql-functions.ts'
import type { Store } from '../store.ts'
import type { Tables } from '../sql/tables.ts'
import { UNPRICED } from '../sums/usage-sums.ts'

interface UnpricedRow {
  readonly provider: string | null
  readonly model: string | null
  readonly request_model: string | null
  readonly service_tier: string | null
  readonly cost_reason: string | null
  readonly calls: number
  readonly last_started_at: number
}

/** The questions about prices. */
export function createPriceQueries(
  db: Kysely<Tables>,
  functions: SqlFunctions,
): Pick<Store, 'customPrices' | 'unpricedModels'> {
  return {
    async customPrices() {
      return priceFileOf(await db.selectFrom('prices').selectAll().orderBy('id').execute())
    },

    async unpricedModels(filter) {
      const query = sql<UnpricedRow>`
        select provider, model, request_model, service_tier, cost_reason,
          count(*) as calls, max(started_at) as last_started_at
        from calls where ${UNPRICED} and ${matchesFilter(filter, functions)}
        group by provider, model, request_model, service_tier, cost_reason
        order by calls desc, provider, model, request_model, service_tier, cost_reason`
      return (await query.execute(db)).rows.map((row) => ({
        provider: row.provider,
        model: row.model,
        requestModel: row.request_model,
        serviceTier: row.service_tier,
        reason: row.cost_reason,
        calls: row.calls,
        lastStartedAt: row.last_started_at,
      }))
    },
  }
}
