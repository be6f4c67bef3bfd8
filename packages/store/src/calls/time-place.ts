import { type RawBuilder, sql } from 'kysely'
import { unknownCursor, wholeNumberOf } from '../sql/read-cursor.ts'

/** The place of a call in the order of time, as a cursor. */
export function timeCursorOf(place: { readonly started_at: number; readonly ingest_seq: number }): string {
  return `${place.started_at}-${place.ingest_seq}`
}

/** The row of values that such a cursor stands for. Throws a `QueryError` for any other text. */
export function timePlaceOf(cursor: string): RawBuilder<unknown> {
  const [, startedAt, ingestSeq] = (/^(\d+)-(\d+)$/.exec(cursor) ?? []).map(wholeNumberOf)
  if (startedAt === undefined || ingestSeq === undefined) throw unknownCursor(cursor)
  return sql`(${startedAt}, ${ingestSeq})`
}
