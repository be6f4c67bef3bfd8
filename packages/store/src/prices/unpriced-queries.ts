import { type Kysely, sql } from 'kysely'
import type { CallFilter, ResolvedFilter } from '../calls/call-filter.ts'
import { matchesFilter } from '../calls/matches-filter.ts'
import type { RepriceStore } from './reprice-store.ts'
import type { SqlFunctions } from '../sql/sql-functions.ts'
import { UNPRICED } from '../sums/usage-sums.ts'
import type { Tables } from '../sql/tables.ts'

interface UnpricedRow {
  readonly provider: string | null
  readonly model: string | null
  readonly request_model: string | null
  readonly service_tier: string | null
  readonly cost_reason: string | null
  readonly calls: number
  readonly last_started_at: number
}

/** Finds the models of calls without a cost; `resolved` finds the models under which unanswered calls count. */
export function createUnpricedQueries(
  db: Kysely<Tables>,
  functions: SqlFunctions,
  resolved: (filter: CallFilter) => Promise<ResolvedFilter>,
): Pick<RepriceStore, 'unpricedModels'> {
  return {
    async unpricedModels(filter) {
      const query = sql<UnpricedRow>`
        select provider, model, request_model, service_tier, cost_reason,
          count(*) as calls, max(started_at) as last_started_at
        from calls where ${UNPRICED} and ${matchesFilter(await resolved(filter), functions)}
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
