import { type RawBuilder, sql } from 'kysely'
import { unknownCursor, wholeNumberOf } from '../sql/read-cursor.ts'

/** The cursor of a call in the order of start times. */
export function timeCursorOf(call: { readonly started_at: number; readonly ingest_seq: number }): string {
  return `${call.started_at}-${call.ingest_seq}`
}

/** The row value of such a cursor, to compare with. Throws a `QueryError` for any other text. */
export function timePositionOf(cursor: string): RawBuilder<unknown> {
  const [, startedAt, ingestSeq] = (/^(\d+)-(\d+)$/.exec(cursor) ?? []).map(wholeNumberOf)
  if (startedAt === undefined || ingestSeq === undefined) throw unknownCursor()
  return sql`(${startedAt}, ${ingestSeq})`
}
