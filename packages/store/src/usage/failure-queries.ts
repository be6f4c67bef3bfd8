import { type Kysely, sql } from 'kysely'
import type { CallFilter } from '../calls/call-filter.ts'
import { matchesFilter } from '../calls/matches-filter.ts'
import type { SqlFunctions } from '../sql/sql-functions.ts'
import type { Tables } from '../sql/tables.ts'
import type { CallFailure } from './failures.ts'
import type { UsageStore } from './usage-store.ts'

const MOST_FAILURES = 50

interface FailureRow {
  readonly error_message: string | null
  readonly error_type: string | null
  readonly http_status: number | null
  readonly started_at: number
  readonly id: string
  readonly calls: number
}

interface FailureQueriesOptions {
  readonly db: Kysely<Tables>
  readonly functions: SqlFunctions
}

/** Reads why calls failed. */
export function createFailureQueries({ db, functions }: FailureQueriesOptions): Pick<UsageStore, 'failures'> {
  return {
    async failures(filter: CallFilter) {
      const query = sql<FailureRow>`
        select error_message, error_type, http_status, started_at, id, calls from (
          select calls.error_message, calls.error_type, calls.http_status, calls.started_at,
            calls.trace_id || '-' || calls.span_id as id,
            count(*) over (partition by calls.error_message, calls.error_type, calls.http_status) as calls,
            row_number() over (
              partition by calls.error_message, calls.error_type, calls.http_status
              order by calls.started_at desc, calls.ingest_seq desc
            ) as place
          from calls where calls.billable = 1 and calls.status = 'error' and ${matchesFilter(filter, functions)}
        ) as failed where place = 1
        order by calls desc, started_at desc, id limit ${sql.lit(MOST_FAILURES)}`
      return (await query.execute(db)).rows.map(toFailure)
    },
  }
}

function toFailure(row: FailureRow): CallFailure {
  return {
    message: row.error_message,
    errorType: row.error_type,
    httpStatus: row.http_status,
    calls: row.calls,
    lastStartedAt: row.started_at,
    callId: row.id,
  }
}
