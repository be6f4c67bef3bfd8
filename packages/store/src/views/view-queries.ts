import { randomUUID } from 'node:crypto'
import { type Kysely, type RawBuilder, sql, type SqlBool } from 'kysely'
import { cleanText } from '../sql/clean-text.ts'
import type { SavedViewRow, Tables } from '../sql/tables.ts'
import type { SavedView } from './saved-view.ts'
import type { ViewStore } from './view-store.ts'

/** Stores views. `now` returns epoch milliseconds. */
export function createViewQueries(db: Kysely<Tables>, now: () => number): ViewStore {
  async function rowsOf(projectId: string | null | undefined): Promise<readonly SavedViewRow[]> {
    const query = db.selectFrom('saved_views').selectAll().where(isOf(projectId)).orderBy('name').orderBy('id')
    return query.execute()
  }

  return {
    views: async (projectId) => (await rowsOf(projectId)).map(toView),

    async saveView(view) {
      const row = {
        id: randomUUID(),
        name: cleanText(view.name),
        url: cleanText(view.url),
        project_id: view.projectId === null ? null : cleanText(view.projectId),
        created_at: now(),
      }
      if ((await rowsOf(row.project_id)).some(({ name }) => name === row.name)) {
        throw new Error(`A view with the name "${row.name}" already exists; delete it first, or use another name`)
      }
      await db.insertInto('saved_views').values(row).execute()
      return toView(row)
    },

    async deleteView(id, projectId) {
      const query = sql`delete from saved_views where id = ${id} and ${isOf(projectId)} returning id`
      return (await query.execute(db)).rows.length > 0
    },
  }
}

function isOf(projectId: string | null | undefined): RawBuilder<SqlBool> {
  if (projectId === undefined) return sql`1 = 1`
  return projectId === null ? sql`project_id is null` : sql`project_id = ${projectId}`
}

function toView({ id, name, url, project_id: projectId, created_at: createdAt }: SavedViewRow): SavedView {
  return { id, name, url, projectId, createdAt }
}
