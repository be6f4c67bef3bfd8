import { type Kysely, sql } from 'kysely'
import type { Tables } from '../sql/tables.ts'
import { countRows } from './count-rows.ts'
import type { Pruning } from './pruning.ts'

const BATCH_ROWS = 500

/** Deletes old events. Each statement is a transaction of its own. */
export function createEventPruning(db: Kysely<Tables>): Pruning<'events'> {
  return async function* (what, { before, dryRun }) {
    if (dryRun) {
      yield { what, rows: await countRows(db, 'events', sql`occurred_at < ${before}`), isDone: true }
      return
    }
    let rows = 0
    for (;;) {
      const { rows: gone } = await sql`
        delete from events where id in (
          select id from events where occurred_at < ${before} order by occurred_at limit ${BATCH_ROWS}
        ) returning id`.execute(db)
      rows += gone.length
      const isDone = gone.length < BATCH_ROWS
      yield { what, rows, isDone }
      if (isDone) return
    }
  }
}
