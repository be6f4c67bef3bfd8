import { callId, CONTENT_COLUMN_NAMES } from '@spanledger/core'
import { type Kysely, sql } from 'kysely'
import type { SessionSummary } from './session.ts'
import type { ResolvedFilter } from '../calls/call-filter.ts'
import { fromRow, type JoinedRow } from '../calls/call-row.ts'
import { checkLimit } from '../sql/check-limit.ts'
import { matchesFilter } from '../calls/matches-filter.ts'
import { BEGINS_TURN, turnsOf } from './session-turns.ts'
import type { SqlFunctions } from '../sql/sql-functions.ts'
import type { SessionStore } from './session-store.ts'
import type { Tables } from '../sql/tables.ts'
import { timeCursorOf, timePositionOf } from '../calls/time-cursor.ts'
import type { UsageAsker } from '../usage/usage-asker.ts'
import { callSums, type UsageSums } from '../sums/usage-sums.ts'
import { NO_SUMS, toUsageTotals } from '../sums/usage-totals.ts'

const DEFAULT_LIMIT = 100
const MAX_LIMIT = 1000
const MAX_CALLS = 1000

interface LastCall {
  readonly session_id: string
  readonly started_at: number
  readonly ingest_seq: number
}

interface SessionRow extends UsageSums {
  readonly session_id: string
  readonly user_id: string | null
  readonly project_id: string | null
  readonly turns: number
  readonly started_at: number
  readonly ended_at: number
}

/** Reads conversations. */
export function createSessionQueries(
  db: Kysely<Tables>,
  functions: SqlFunctions,
  asker: UsageAsker,
): Pick<SessionStore, 'sessions' | 'session'> {
  // Sessions are ordered by their last call, so a page is read from the index of time and stops when it is full.
  async function lastCalls(filter: ResolvedFilter, limit: number, cursor: string | undefined): Promise<LastCall[]> {
    const matches = matchesFilter(filter, functions)
    const isAfter =
      cursor === undefined ? sql`1 = 1` : sql`(calls.started_at, calls.ingest_seq) < ${timePositionOf(cursor)}`
    const query = sql<LastCall>`
      select calls.session_id, calls.started_at, calls.ingest_seq from calls
      where calls.session_id is not null and ${matches} and ${isAfter} and not exists (
        select 1 from (select session_id, started_at, ingest_seq from calls where ${matches}) as later
        where later.session_id = calls.session_id
          and (later.started_at, later.ingest_seq) > (calls.started_at, calls.ingest_seq)
      )
      order by calls.started_at desc, calls.ingest_seq desc limit ${limit}`
    return (await query.execute(db)).rows
  }

  async function summaries(
    filter: ResolvedFilter,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, SessionSummary>> {
    if (ids.length === 0) return new Map()
    const matches = sql`calls.session_id in (${sql.join(ids)}) and ${matchesFilter(filter, functions)}`
    const query = sql<SessionRow>`
      select calls.session_id, max(calls.user_id) as user_id, max(calls.project_id) as project_id,
        count(distinct calls.trace_id || calls.run_id)
          - count(distinct calls.trace_id || calls.run_id) filter (where ${BEGINS_TURN})
          + count(*) filter (where ${BEGINS_TURN}) as turns, min(calls.started_at) as started_at,
        max(coalesce(calls.ended_at, calls.started_at)) as ended_at, ${sql.join(callSums(functions))}
      from calls where ${matches} group by calls.session_id`
    const asked = sql<{ session_id: string; question: string }>`
      select session_id, question from (
        select calls.session_id, call_contents.question,
          row_number() over (partition by calls.session_id order by calls.started_at, calls.ingest_seq) as place
        from calls join call_contents on call_contents.ingest_seq = calls.ingest_seq
        where call_contents.question is not null and ${matches}
      ) as asked where place = 1`
    const { rows } = await query.execute(db)
    const questions = new Map((await asked.execute(db)).rows.map((row) => [row.session_id, row.question]))
    return new Map(rows.map((row) => [row.session_id, toSummary(row, questions.get(row.session_id) ?? null)]))
  }

  return {
    async sessions(given, { limit = DEFAULT_LIMIT, cursor } = {}) {
      checkLimit(limit, MAX_LIMIT, 'sessions')
      const filter = await asker.resolved(given)
      const found = await lastCalls(filter, limit + 1, cursor)
      const page = found.slice(0, limit)
      const byId = await summaries(
        filter,
        page.map((row) => row.session_id),
      )
      const sessions = page.map((row) => byId.get(row.session_id)).filter((summary) => summary !== undefined)
      const last = page.at(-1)
      return found.length > limit && last !== undefined ? { sessions, next: timeCursorOf(last) } : { sessions }
    },

    async session(id, given = {}) {
      const filter = await asker.resolved({ ...given, session: id })
      const contents = sql.join(CONTENT_COLUMN_NAMES.map((name) => sql.ref(`call_contents.${name}`)))
      const query = sql<JoinedRow & { readonly begins_turn: number | boolean }>`
        select calls.*, ${BEGINS_TURN} as begins_turn, call_contents.ingest_seq as content_seq, ${contents}
        from calls left join call_contents on call_contents.ingest_seq = calls.ingest_seq
        where ${matchesFilter(filter, functions)} order by calls.started_at desc, calls.ingest_seq desc limit ${MAX_CALLS}`
      const { rows } = await query.execute(db)
      const calls = rows.map(fromRow).reverse()
      // A boolean is a number in SQLite.
      const heads = new Set(rows.filter((row) => Boolean(row.begins_turn)).map((row) => callId(row)))
      if (calls.length === 0) return undefined
      const sums = (await asker.sums(filter, undefined)).get(null) ?? NO_SUMS
      return { session: id, totals: toUsageTotals(sums), turns: turnsOf(calls, heads) }
    },
  }
}

function toSummary(row: SessionRow, firstQuestion: string | null): SessionSummary {
  const totals = toUsageTotals(row)
  return {
    session: row.session_id,
    user: row.user_id,
    project: row.project_id,
    turns: row.turns,
    calls: totals.calls,
    toolCalls: totals.toolCalls,
    errors: totals.errors,
    costNanoUsd: totals.costNanoUsd,
    estimatedCalls: totals.estimatedCalls,
    unpricedCalls: totals.unpricedCalls,
    unknownUsageCalls: totals.unknownUsageCalls,
    totalTokens: totals.totalTokens,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    firstQuestion,
  }
}
