import { type Kysely, sql } from 'kysely'
import { matchesFilter } from './matches-filter.ts'
import type { SqlFunctions } from './sql-functions.ts'
import type { Store } from './store.ts'
import type { Tables } from './tables.ts'

interface ToolRow {
  readonly tool: string | null
  readonly calls: number
  readonly succeeded: number
  readonly failed: number
  readonly average_duration_ms: number | null
  readonly p95_duration_ms: number | null
  readonly last_started_at: number
}

/** The question how tools did. */
export function createToolQueries(db: Kysely<Tables>, functions: SqlFunctions): Pick<Store, 'toolStats'> {
  return {
    async toolStats(filter) {
      // Calls of unknown duration come last in the order, beyond the 95 of 100 that are looked for.
      const query = sql<ToolRow>`
        with ranked as (
          select tool_name, status, started_at, duration_ms,
            row_number() over (partition by tool_name order by duration_ms is null, duration_ms) as place,
            count(duration_ms) over (partition by tool_name) as timed
          from calls where calls.kind = 'tool' and ${matchesFilter(filter, functions)}
        )
        select tool_name as tool, count(*) as calls,
          count(*) filter (where status = 'ok') as succeeded,
          count(*) filter (where status = 'error') as failed,
          avg(duration_ms) as average_duration_ms,
          max(duration_ms) filter (where place = (timed * 95 + 99) / 100) as p95_duration_ms,
          max(started_at) as last_started_at
        from ranked group by tool_name order by calls desc, tool_name`
      return (await query.execute(db)).rows.map((row) => ({
        tool: row.tool,
        calls: row.calls,
        succeeded: row.succeeded,
        failed: row.failed,
        averageDurationMs: row.average_duration_ms,
        p95DurationMs: row.p95_duration_ms,
        lastStartedAt: row.last_started_at,
      }))
    },
  }
}
