import { type Kysely, sql } from 'kysely'
import { priceFileOf } from './price-row.ts'
import { matchesFilter } from './matches-filter.ts'
import { DAY_MS } from './rollups.ts'
import type { SqlFunctions } from './sql-functions.ts'
import type { Store } from './store.ts'
import type { Tables } from './tables.ts'
import { UTC_DAYS } from './time-buckets.ts'
import type { UsageAsker } from './usage-asker.ts'
import { UNPRICED, type UsageSums } from './usage-sums.ts'

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
  asker: UsageAsker,
): Pick<Store, 'customPrices' | 'unpricedModels'> {
  return {
    async customPrices() {
      return priceFileOf(await db.selectFrom('prices').selectAll().orderBy('id').execute())
    },

    async unpricedModels(filter) {
      // Rollups know the days, and mostly that there is none at all.
      const [days = new Map<number, UsageSums>()] = (await asker.series(filter, undefined, UTC_DAYS)).values()
      const unpriced = [...days].filter(([, sums]) => sums.unpriced_calls > 0).map(([day]) => day)
      if (unpriced.length === 0) return []
      const from = Math.max(
        filter.from ?? 0,
        unpriced.reduce((a, b) => Math.min(a, b)),
      )
      const last = unpriced.reduce((a, b) => Math.max(a, b)) + DAY_MS
      const range = { ...filter, from, to: Math.min(filter.to ?? last, last) }
      const query = sql<UnpricedRow>`
        select provider, model, request_model, service_tier, cost_reason,
          count(*) as calls, max(started_at) as last_started_at
        from calls where ${UNPRICED} and ${matchesFilter(range, functions)}
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
