import { sql } from 'kysely'
import { FIRST_OPEN_SEQ } from './schema.ts'
import type { SqlFunctions } from '../../sql/sql-functions.ts'

/** The SQL functions of Postgres. */
export const POSTGRES_FUNCTIONS: SqlFunctions = {
  // The sum of integers is a numeric: exact, and it cannot overflow. A double holds it exactly up to 2^53.
  total: (column, condition) =>
    condition === undefined
      ? sql`coalesce(sum(${column}), 0)::double precision`
      : sql`coalesce(sum(${column}) filter (where ${condition}), 0)::double precision`,
  metadata: sql`(select key, case when json_typeof(value) in ('object', 'array', 'null') then null else value #>> '{}' end as value
    from json_each(calls.metadata::json))`,
  elements: (list) => sql`json_array_elements(cast(${list} as json))`,
  tags: sql`json_array_elements_text(calls.tags::json)`,
  floor: (value) => sql`floor(${value})::bigint`,
  joined: (text) => sql`string_agg(${text}, ' ')`,
  contains: (column, text) => sql`strpos(lower(${column}), lower(${text}::text)) > 0`,
  isSettled: sql`calls.ingest_seq < ${sql.raw(FIRST_OPEN_SEQ)}`,
  sizeBytes: sql`(select coalesce(sum(pg_total_relation_size(oid)), 0)::bigint from pg_class
    where relkind = 'r' and relnamespace = current_schema()::regnamespace)`,
}
