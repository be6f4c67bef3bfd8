import { type Kysely, sql } from 'kysely'
import type { TraceStore } from './trace-store.ts'
import type { Tables } from '../sql/tables.ts'

const MAX_PAIRS = 10

interface TwinRow {
  readonly first_sdk: string
  readonly last_sdk: string
  readonly answers: number
  readonly trace_id: string
}

/** Finds calls that are counted twice. */
export function createTwinQueries(db: Kysely<Tables>): Pick<TraceStore, 'twinCalls'> {
  return {
    async twinCalls({ from, to }) {
      // Calls that do not overlap are different calls: some servers use the same id for every response.
      const { rows } = await sql<TwinRow>`
        select first_sdk, last_sdk, count(*) as answers, max(trace_id) as trace_id from (
          select trace_id, min(coalesce(sdk, '')) as first_sdk, max(coalesce(sdk, '')) as last_sdk
          from calls
          where billable = 1 and response_id is not null and started_at >= ${from} and started_at < ${to}
          group by trace_id, response_id
          having count(*) > 1 and max(started_at) <= min(coalesce(ended_at, started_at))
        ) as twins
        group by first_sdk, last_sdk order by answers desc, first_sdk, last_sdk limit ${MAX_PAIRS}`.execute(db)
      return rows.map((row) => ({
        sdks: [nameOf(row.first_sdk), nameOf(row.last_sdk)],
        answers: row.answers,
        traceId: row.trace_id,
      }))
    },
  }
}

function nameOf(sdk: string): string | null {
  return sdk === '' ? null : sdk
}
