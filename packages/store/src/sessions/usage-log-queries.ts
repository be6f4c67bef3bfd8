import { type Kysely, sql } from 'kysely'
import type { UsageLog } from './usage-log.ts'
import type { CallFilter, ResolvedFilter } from '../calls/call-filter.ts'
import { checkLimit } from '../sql/check-limit.ts'
import { matchesFilter } from '../calls/matches-filter.ts'
import type { SqlFunctions } from '../sql/sql-functions.ts'
import type { SessionStore } from './session-store.ts'
import type { Tables } from '../sql/tables.ts'
import { timeCursorOf, timePositionOf } from '../calls/time-cursor.ts'

const DEFAULT_LIMIT = 100
const MAX_LIMIT = 1000

interface FirstCall {
  readonly id: string
  readonly started_at: number
  readonly ingest_seq: number
}

/** A row of the view `ai_usage_logs`. */
interface UsageLogRow {
  readonly id: string
  readonly project_id: string | null
  readonly request_id: string | null
  readonly operation: string | null
  readonly model: string | null
  readonly provider: string | null
  readonly input_tokens: number | null
  readonly output_tokens: number | null
  readonly total_tokens: number | null
  readonly estimated_cost: number | null
  readonly duration_ms: number | null
  readonly tool_calls_count: number
  readonly tool_calls_json: string
  readonly response_metadata: string | null
  readonly error: string | null
  readonly created_at: number
}

/** Reads the view `ai_usage_logs`; `resolved` finds the models under which unanswered calls count. */
export function createUsageLogQueries(
  db: Kysely<Tables>,
  functions: SqlFunctions,
  resolved: (filter: CallFilter) => Promise<ResolvedFilter>,
): Pick<SessionStore, 'usageLogs'> {
  return {
    async usageLogs(filter, { limit = DEFAULT_LIMIT, cursor } = {}) {
      checkLimit(limit, MAX_LIMIT, 'usage logs')
      const matches = matchesFilter(await resolved(filter), functions)
      const isAfter =
        cursor === undefined ? sql`1 = 1` : sql`(calls.started_at, calls.ingest_seq) < ${timePositionOf(cursor)}`
      // Runs are ordered by their first call that matches the filter, so a page is read from the index of time.
      const query = sql<FirstCall>`
        select calls.trace_id || '-' || calls.run_id as id, calls.started_at, calls.ingest_seq from calls
        where ${matches} and ${isAfter} and not exists (
          select 1 from (select trace_id, run_id, started_at, ingest_seq from calls where ${matches}) as earlier
          where earlier.trace_id = calls.trace_id and earlier.run_id = calls.run_id
            and (earlier.started_at, earlier.ingest_seq) < (calls.started_at, calls.ingest_seq)
        )
        order by calls.started_at desc, calls.ingest_seq desc limit ${limit + 1}`
      const { rows: found } = await query.execute(db)
      const page = found.slice(0, limit)
      if (page.length === 0) return { logs: [] }
      const ids = sql.join(page.map(({ id }) => id))
      const { rows } = await sql<UsageLogRow>`select * from ai_usage_logs where id in (${ids})`.execute(db)
      const byId = new Map(rows.map((row) => [row.id, toUsageLog(row)]))
      const logs = page.map(({ id }) => byId.get(id)).filter((log) => log !== undefined)
      const last = page.at(-1)
      return found.length > limit && last !== undefined ? { logs, next: timeCursorOf(last) } : { logs }
    },
  }
}

function toUsageLog(row: UsageLogRow): UsageLog {
  return {
    id: row.id,
    projectId: row.project_id,
    requestId: row.request_id,
    operation: row.operation,
    model: row.model,
    provider: row.provider,
    inputTokens: row.input_tokens,
    outputTokens: row.output_tokens,
    totalTokens: row.total_tokens,
    estimatedCost: row.estimated_cost,
    durationMs: row.duration_ms,
    toolCallsCount: row.tool_calls_count,
    toolCallsJson: JSON.parse(row.tool_calls_json) as readonly unknown[], // the view builds a list
    responseMetadata: row.response_metadata === null ? null : (JSON.parse(row.response_metadata) as unknown),
    error: row.error,
    createdAt: row.created_at,
  }
}
