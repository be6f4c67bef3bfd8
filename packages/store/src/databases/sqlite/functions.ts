import { sql } from 'kysely'
import type { SqlFunctions } from '../../sql/sql-functions.ts'

/** The SQL functions of SQLite. */
export const SQLITE_FUNCTIONS: SqlFunctions = {
  // SUM throws when integers overflow; TOTAL is as exact, and continues with a float.
  total: (column, condition) =>
    condition === undefined ? sql`total(${column})` : sql`total(${column}) filter (where ${condition})`,
  tags: sql`json_each(calls.tags)`,
  // SQLite reads true as 1.
  metadata: sql`(select key, case type when 'true' then 'true' when 'false' then 'false' else cast(atom as text) end as value
    from json_each(calls.metadata))`,
  elements: (list) => sql`json_each(cast(${list} as text))`,
  floor: (value) => sql`cast(${value} as integer)`,
  joined: (text) => sql`group_concat(${text}, ' ')`,
  contains: (column, text) => sql`instr(lower(${column}), lower(${text})) > 0`,
  // There is one writer at a time, so the log is committed in order.
  isSettled: sql`1 = 1`,
  sizeBytes: sql`(select page_count * page_size from pragma_page_count, pragma_page_size)`,
}
