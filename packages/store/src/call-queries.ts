import { type Kysely, sql } from 'kysely'
import type { CallFilter } from './call-filter.ts'
import { fromRow, type JoinedRow, type StoredCall } from './call-row.ts'
import { matchesFilter } from './matches-filter.ts'
import type { SqlFunctions } from './sql-functions.ts'
import type { Store } from './store.ts'
import { CONTENT_COLUMN_NAMES, type Tables } from './tables.ts'

const DEFAULT_LIMIT = 100
const MAX_LIMIT = 1000
const ITERATE_ROWS = 500

/** The questions that give calls back. */
export function createCallQueries(
  db: Kysely<Tables>,
  functions: SqlFunctions,
): Pick<Store, 'call' | 'calls' | 'iterate'> {
  const withContent = sql`
    select calls.*, call_contents.ingest_seq as content_seq,
      ${sql.join(CONTENT_COLUMN_NAMES.map((name) => sql.ref(`call_contents.${name}`)))}
    from calls left join call_contents on call_contents.ingest_seq = calls.ingest_seq`
  const withoutContent = sql`select calls.* from calls`

  async function lastSeq(): Promise<number> {
    const query = sql<{ last: number | null }>`select max(ingest_seq) as last from calls`
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

    async calls(filter, { limit = DEFAULT_LIMIT, cursor, content = false } = {}) {
      if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
        throw new Error(`A page of ${limit} calls is not possible; ask for 1 to ${MAX_LIMIT}`)
      }
      const after = cursor === undefined ? sql`1 = 1` : sql`(calls.started_at, calls.ingest_seq) < ${place(cursor)}`
      const query = sql<JoinedRow>`${content ? withContent : withoutContent}
        where ${matchesFilter(filter, functions)} and ${after}
        order by calls.started_at desc, calls.ingest_seq desc limit ${limit + 1}`
      const rows = (await query.execute(db)).rows.map(fromRow)
      const calls = rows.slice(0, limit)
      const last = calls.at(-1)
      return rows.length > limit && last !== undefined ? { calls, next: cursorOf(last) } : { calls }
    },

    async *iterate(filter: CallFilter, { content = false } = {}) {
      // Each page is a question of its own, because a long one would keep the log of a writer from being cut.
      const end = await lastSeq()
      let after = 0
      while (after < end) {
        const query = sql<JoinedRow>`${content ? withContent : withoutContent}
          where calls.ingest_seq > ${after} and calls.ingest_seq <= ${end} and ${matchesFilter(filter, functions)}
          order by calls.ingest_seq limit ${ITERATE_ROWS}`
        const { rows } = await query.execute(db)
        for (const row of rows) yield fromRow(row)
        after = rows.length < ITERATE_ROWS ? end : (rows.at(-1)?.ingest_seq ?? end)
      }
    },
  }
}

function cursorOf(call: StoredCall): string {
  return `${call.started_at}-${call.ingest_seq}`
}

function place(cursor: string): ReturnType<typeof sql> {
  const [, startedAt, ingestSeq] = /^(\d{1,16})-(\d{1,16})$/.exec(cursor) ?? []
  if (startedAt === undefined || ingestSeq === undefined) {
    throw new Error(`Unknown cursor ${JSON.stringify(cursor)}; pass the "next" of the page before as it is`)
  }
  return sql`(${Number(startedAt)}, ${Number(ingestSeq)})`
}
