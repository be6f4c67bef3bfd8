import type { Kysely } from 'kysely'
import { cleanText } from '../sql/clean-text.ts'
import type { JournalStore } from './journal-store.ts'
import type { Tables } from '../sql/tables.ts'

/** Reads how far a journal is stored. */
export function createJournalQueries(db: Kysely<Tables>): Pick<JournalStore, 'journalPosition'> {
  return {
    async journalPosition(segment) {
      const row = await db
        .selectFrom('journal_positions')
        .selectAll()
        .where('segment', '=', cleanText(segment))
        .executeTakeFirst()
      if (row === undefined) return undefined
      const { byte_offset: offset, stored, deduplicated, rejected } = row
      return { offset, stored, deduplicated, rejected }
    },
  }
}
