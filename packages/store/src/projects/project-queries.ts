import type { Kysely } from 'kysely'
import type { ProjectStore } from './project-store.ts'
import type { Tables } from '../sql/tables.ts'

/** Reads projects. */
export function createProjectQueries(db: Kysely<Tables>): Pick<ProjectStore, 'projects'> {
  return {
    async projects() {
      const rows = await db.selectFrom('projects').selectAll().orderBy('id').execute()
      return rows.map((row) => ({ id: row.id, name: row.name, createdAt: row.created_at }))
    },
  }
}
