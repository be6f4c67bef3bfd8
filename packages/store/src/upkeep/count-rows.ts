import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Tables } from '../sql/tables.ts'

/** How many rows of a table match a condition. */
export async function countRows(db: Kysely<Tables>, table: string, condition: RawBuilder<unknown>): Promise<number> {
  const query = sql<{ rows_there: number }>`select count(*) as rows_there from ${sql.table(table)} where ${condition}`
  return (await query.execute(db)).rows[0]?.rows_there ?? 0
}
