import { type Call, isRepriceable, PRICED_SOURCES } from '@spanledger/core'
import { type Kysely, sql } from 'kysely'
import { fromRow, type StoredCall } from '../calls/call-row.ts'
import { matchesFilter } from '../calls/matches-filter.ts'
import type { SqlFunctions } from '../sql/sql-functions.ts'
import type { RepricedCall } from '../calls/repriced-call.ts'
import type { RepriceStore } from './reprice-store.ts'
import type { CallRow, Tables } from '../sql/tables.ts'

/** Changes the calls at these positions of the log, in one transaction, and returns them. Deleted calls are skipped. */
export type ChangeCalls = (
  ingestSeqs: readonly number[],
  change: (call: StoredCall) => Call,
) => Promise<readonly RepricedCall[]>

const PAGE_ROWS = 500

/** Reprices calls. No other code changes the cost of stored calls. */
export function createReprice(
  db: Kysely<Tables>,
  functions: SqlFunctions,
  changeCalls: ChangeCalls,
): Pick<RepriceStore, 'reprice'> {
  async function lastSeq(): Promise<number> {
    const query = sql<{ last: number | null }>`select max(ingest_seq) as last from calls`
    return (await query.execute(db)).rows[0]?.last ?? 0
  }

  // `isRepriceable` in SQL, so that other calls are not read.
  const isCandidate = sql`calls.billable = 1 and (calls.cost_source in (${sql.join(PRICED_SOURCES.map((source) => sql.lit(source)))})
    or (calls.cost_source is null and calls.cost_nano_usd is null))`

  return {
    async *reprice(filter, price, { write = false } = {}) {
      const end = await lastSeq()
      const change = (call: StoredCall): Call => (isRepriceable(call) ? withCostOf(call, price(call)) : call)
      let after = 0
      while (after < end) {
        const query = sql<CallRow>`select * from calls
          where calls.ingest_seq > ${after} and calls.ingest_seq <= ${end} and ${isCandidate}
            and ${matchesFilter(filter, functions)}
          order by calls.ingest_seq limit ${PAGE_ROWS}`
        const { rows } = await query.execute(db)
        const calls = rows.map((row): RepricedCall => {
          const before = fromRow(row)
          return { before, after: change(before) }
        })
        const isSame = (call: RepricedCall): boolean => call.before === call.after
        if (write) yield* calls.filter(isSame)
        else yield* calls
        const changed = write ? calls.filter((call) => !isSame(call)) : []
        // Computed again in the transaction, because another process may have merged a later version meanwhile.
        if (changed.length > 0)
          yield* await changeCalls(
            changed.map(({ before }) => before.ingest_seq),
            change,
          )
        after = rows.length < PAGE_ROWS ? end : (rows.at(-1)?.ingest_seq ?? end)
      }
    },
  }
}

function withCostOf(call: StoredCall, priced: Call): Call {
  if (priced === call) return call
  return {
    ...call,
    cost_nano_usd: priced.cost_nano_usd,
    cost_source: priced.cost_source,
    cost_flags: priced.cost_flags,
    cost_reason: priced.cost_reason,
    price_version: priced.price_version,
    previous_cost_nano_usd: priced.previous_cost_nano_usd,
    repriced_at: priced.repriced_at,
  }
}
