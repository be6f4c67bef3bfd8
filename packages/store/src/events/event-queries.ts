import type { JsonObject } from '@spanledger/core'
import { type Kysely, sql } from 'kysely'
import { checkLimit } from '../sql/check-limit.ts'
import { cleanJson, cleanText } from '../sql/clean-text.ts'
import { unknownCursor, wholeNumberOf } from '../sql/read-cursor.ts'
import type { EventFilter, ProductEvent, StoredEvent } from './event.ts'
import type { EventStore } from './event-store.ts'
import type { EventRow, Tables } from '../sql/tables.ts'

const DEFAULT_LIMIT = 100
const MAX_LIMIT = 1000
const INSERT_ROWS = 500

const FILTER_COLUMNS = {
  name: 'name',
  user: 'user_id',
  session: 'session_id',
  project: 'project_id',
  trace: 'trace_id',
} as const

/** Stores and reads product events. `now` returns epoch milliseconds. */
export function createEventQueries(db: Kysely<Tables>, now: () => number): EventStore {
  return {
    async writeEvents(events) {
      checkLimit(Math.max(events.length, 1), INSERT_ROWS, 'events')
      if (events.length === 0) return 0
      const createdAt = now()
      const rows = events.map((event) => toRow(event, createdAt))
      // Of two events with the same id, the first one wins.
      const byId = new Map(rows.toReversed().map((row) => [row.id, row]))
      const query = db
        .insertInto('events')
        .values([...byId.values()].reverse())
        .onConflict((on) => on.column('id').doNothing())
      return (await query.returning('id').execute()).length
    },

    async events(filter, { limit = DEFAULT_LIMIT, cursor } = {}) {
      checkLimit(limit, MAX_LIMIT, 'events')
      const query = sql<EventRow>`
        select * from events where ${sql.join(conditionsOf(filter, cursor), sql` and `)}
        order by occurred_at desc, id desc limit ${limit + 1}`
      const { rows } = await query.execute(db)
      const page = rows.slice(0, limit)
      const events = page.map(fromRow)
      const last = page.at(-1)
      return rows.length > limit && last !== undefined ? { events, next: `${last.occurred_at}-${last.id}` } : { events }
    },
  }
}

function conditionsOf(filter: EventFilter, cursor: string | undefined): ReturnType<typeof sql>[] {
  const conditions = [sql`1 = 1`]
  if (filter.from !== undefined) conditions.push(sql`occurred_at >= ${filter.from}`)
  if (filter.to !== undefined) conditions.push(sql`occurred_at < ${filter.to}`)
  for (const [name, column] of Object.entries(FILTER_COLUMNS)) {
    const value = filter[name as keyof typeof FILTER_COLUMNS] // the keys of the object
    if (value !== undefined) conditions.push(sql`${sql.ref(column)} = ${value}`)
  }
  if (cursor !== undefined) conditions.push(isAfter(cursor))
  return conditions
}

function isAfter(cursor: string): ReturnType<typeof sql> {
  const [, time, id] = /^(\d+)-(.+)$/s.exec(cursor) ?? []
  const occurredAt = wholeNumberOf(time)
  if (occurredAt === undefined || id === undefined) throw unknownCursor()
  return sql`(occurred_at, id) < (${occurredAt}, ${id})`
}

function toRow(event: ProductEvent, createdAt: number): EventRow {
  if (event.id === '') throw new Error('An event needs an id; use a unique one, so that the event is stored only once')
  if (!Number.isSafeInteger(event.occurredAt) || event.occurredAt < 0) {
    throw new Error(`occurredAt is ${event.occurredAt}; expected epoch milliseconds`)
  }
  const text = (value: string | null | undefined): string | null => (value ? cleanText(value) : null)
  return {
    id: cleanText(event.id),
    name: cleanText(event.name),
    occurred_at: event.occurredAt,
    user_id: text(event.userId),
    session_id: text(event.sessionId),
    project_id: text(event.projectId),
    trace_id: text(event.traceId),
    properties: cleanJson(event.properties),
    created_at: createdAt,
  }
}

function fromRow(row: EventRow): StoredEvent {
  return {
    id: row.id,
    name: row.name,
    occurredAt: row.occurred_at,
    userId: row.user_id,
    sessionId: row.session_id,
    projectId: row.project_id,
    traceId: row.trace_id,
    properties: JSON.parse(row.properties) as JsonObject, // the column holds an object
    createdAt: row.created_at,
  }
}
