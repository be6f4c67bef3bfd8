import { type RawBuilder, sql } from 'kysely'

/** The place of a call in the order of time, as a cursor. */
export function timeCursorOf(place: { readonly started_at: number; readonly ingest_seq: number }): string {
  return `${place.started_at}-${place.ingest_seq}`
}

/** The row of values that such a cursor stands for. Throws what is none. */
export function timePlaceOf(cursor: string): RawBuilder<unknown> {
  const [, startedAt, ingestSeq] = /^(\d{1,16})-(\d{1,16})$/.exec(cursor) ?? []
  if (startedAt === undefined || ingestSeq === undefined) {
    throw new Error(`Unknown cursor ${JSON.stringify(cursor)}; pass the "next" of the page before as it is`)
  }
  return sql`(${Number(startedAt)}, ${Number(ingestSeq)})`
}
