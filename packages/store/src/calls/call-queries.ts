import { type CallColumn, CONTENT_COLUMN_NAMES } from '@spanledger/core'
import { type Kysely, type RawBuilder, sql, type SqlBool } from 'kysely'
import type { CallFilter, ResolvedFilter } from './call-filter.ts'
import { callOrderOf } from './call-order.ts'
import { fromRow, type JoinedRow } from './call-row.ts'
import { checkLimit } from '../sql/check-limit.ts'
import { matchesFilter } from './matches-filter.ts'
import type { SqlFunctions } from '../sql/sql-functions.ts'
import type { CallStore } from './call-store.ts'
import type { Tables } from '../sql/tables.ts'

const DEFAULT_LIMIT = 100
const MAX_LIMIT = 1000
const ITERATE_ROWS = 500

const SEARCHED_COLUMNS = [
  'model',
  'request_model',
  'operation',
  'name',
  'tool_name',
  'error_type',
  'error_message',
  'user_id',
  'session_id',
  'trace_id',
] as const satisfies readonly CallColumn[]

/** Reads calls; `resolved` finds the models under which unanswered calls count. */
export function createCallQueries(
  db: Kysely<Tables>,
  functions: SqlFunctions,
  resolved: (filter: CallFilter) => Promise<ResolvedFilter>,
): Omit<CallStore, 'write'> {
  const withContent = sql`
    select calls.*, call_contents.ingest_seq as content_seq,
      ${sql.join(CONTENT_COLUMN_NAMES.map((name) => sql.ref(`call_contents.${name}`)))}
    from calls left join call_contents on call_contents.ingest_seq = calls.ingest_seq`
  const withoutContent = sql`select calls.* from calls`

  async function lastSeq(): Promise<number> {
    const query = sql<{ last: number | null }>`select max(ingest_seq) as last from calls`
    return (await query.execute(db)).rows[0]?.last ?? 0
  }

  async function lastSettled(): Promise<number> {
    const query = sql<{ last: number | null }>`select max(ingest_seq) as last from calls where ${functions.isSettled}`
    return (await query.execute(db)).rows[0]?.last ?? 0
  }

  return {
    async call(id) {
      const [, traceId, spanId] = /^([\da-f]{32})-([\da-f]{16})$/i.exec(id) ?? []
      if (traceId === undefined || spanId === undefined) return undefined
      const query = sql<JoinedRow>`${withContent}
        where calls.trace_id = ${traceId.toLowerCase()} and calls.span_id = ${spanId.toLowerCase()}`
      const [row] = (await query.execute(db)).rows
      return row && fromRow(row)
    },

    async calls(filter, page = {}) {
      const { limit = DEFAULT_LIMIT, content = false, q } = page
      checkLimit(limit, MAX_LIMIT, 'calls')
      const order = callOrderOf(page)
      const conditions = [matchesFilter(await resolved(filter), functions), order.isAfter]
      if (q !== undefined && q !== '') conditions.push(hasText(q, functions))
      const query = sql<JoinedRow>`${content ? withContent : withoutContent}
        where ${sql.join(conditions, sql` and `)} order by ${order.orderBy} limit ${limit + 1}`
      const { rows } = await query.execute(db)
      const calls = rows.slice(0, limit).map(fromRow)
      const last = rows[limit - 1]
      return rows.length > limit && last !== undefined ? { calls, next: order.cursorOf(last) } : { calls }
    },

    async liveCalls(after, filter, limit = MAX_LIMIT) {
      checkLimit(limit, MAX_LIMIT, 'calls')
      const end = await lastSettled()
      if (after === null || after >= end) return { calls: [], lastSeq: after ?? end }
      const query = sql<JoinedRow>`${withoutContent}
        where calls.ingest_seq > ${after} and calls.ingest_seq <= ${end} and ${matchesFilter(filter, functions)}
        order by calls.ingest_seq limit ${limit}`
      const calls = (await query.execute(db)).rows.map(fromRow)
      return { calls, lastSeq: calls.length < limit ? end : (calls.at(-1)?.ingest_seq ?? end) }
    },

    async *iterate(filter: CallFilter, { content = false } = {}) {
      // A query for each page, because a long-running read keeps the write-ahead log from being checkpointed.
      const matches = matchesFilter(await resolved(filter), functions)
      const end = await lastSeq()
      let after = 0
      while (after < end) {
        const query = sql<JoinedRow>`${content ? withContent : withoutContent}
          where calls.ingest_seq > ${after} and calls.ingest_seq <= ${end} and ${matches}
          order by calls.ingest_seq limit ${ITERATE_ROWS}`
        const { rows } = await query.execute(db)
        for (const row of rows) yield fromRow(row)
        after = rows.length < ITERATE_ROWS ? end : (rows.at(-1)?.ingest_seq ?? end)
      }
    },
  }
}

function hasText(text: string, functions: SqlFunctions): RawBuilder<SqlBool> {
  const found = SEARCHED_COLUMNS.map((name) => functions.contains(sql.ref(`calls.${name}`), text))
  return sql`(${sql.join(found, sql` or `)})`
}
