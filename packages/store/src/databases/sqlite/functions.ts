import { sql } from 'kysely'
import type { SqlFunctions } from '../../sql/sql-functions.ts'

/** How SQLite writes what databases write differently. */
export const SQLITE_FUNCTIONS: SqlFunctions = {
  // SUM throws when integers overflow; TOTAL adds them as exactly and goes on with a float.
  total: (column, condition) =>
    condition === undefined ? sql`total(${column})` : sql`total(${column}) filter (where ${condition})`,
  tags: sql`json_each(calls.tags)`,
  elements: (list) => sql`json_each(cast(${list} as text))`,
  floor: (value) => sql`cast(${value} as integer)`,
  joined: (text) => sql`group_concat(${text}, ' ')`,
  contains: (column, text) => sql`instr(lower(${column}), lower(${text})) > 0`,
  // One writer at a time: the log is committed in its order.
  isSettled: sql`1 = 1`,
  sizeBytes: sql`(select page_count * page_size from pragma_page_count, pragma_page_size)`,
}
