import { type Expression, type RawBuilder, sql, type SqlBool } from 'kysely'
import { COLUMN_FILTERS, FILTER_COLUMNS, type FilterValue, type ResolvedFilter } from './call-filter.ts'
import { modelKey } from './model-key.ts'
import type { SqlFunctions } from '../sql/sql-functions.ts'

/** A filter as a SQL condition. Values become parameters; column names come from `FILTER_COLUMNS`, never from input. */
export function matchesFilter(filter: ResolvedFilter, functions: SqlFunctions): RawBuilder<SqlBool> {
  const conditions: RawBuilder<SqlBool>[] = []
  if (filter.from !== undefined) conditions.push(sql`calls.started_at >= ${filter.from}`)
  if (filter.to !== undefined) conditions.push(sql`calls.started_at < ${filter.to}`)
  for (const name of COLUMN_FILTERS) {
    const value = filter[name]
    if (value === undefined) continue
    const column = name === 'model' ? modelKey(filter.answeredAs) : sql.ref(`calls.${FILTER_COLUMNS[name]}`)
    conditions.push(isAnyOf(column, value))
  }
  if (filter.tag !== undefined) conditions.push(hasAnyTag(filter.tag, functions))
  if (filter.usedTool !== undefined) conditions.push(usedAnyTool(filter.usedTool))
  return conditions.length === 0 ? sql<SqlBool>`1 = 1` : sql<SqlBool>`${sql.join(conditions, sql` and `)}`
}

function isAnyOf(column: Expression<unknown>, value: FilterValue): RawBuilder<SqlBool> {
  const { texts, orUnknown } = partsOf(value)
  const known = sql<SqlBool>`${column} in (${sql.join(texts)})`
  if (!orUnknown) return texts.length === 0 ? sql<SqlBool>`1 = 0` : known
  return texts.length === 0 ? sql<SqlBool>`${column} is null` : sql<SqlBool>`(${column} is null or ${known})`
}

// `kind` is compared with a literal, so that the index of tool calls is used.
function usedAnyTool(value: FilterValue): RawBuilder<SqlBool> {
  return sql<SqlBool>`calls.trace_id in (
    select used.trace_id from calls as used where used.kind = 'tool' and ${isAnyOf(sql.ref('used.tool_name'), value)}
  )`
}

function hasAnyTag(value: FilterValue, functions: SqlFunctions): RawBuilder<SqlBool> {
  const { texts, orUnknown } = partsOf(value)
  const tagged = sql<SqlBool>`exists (select 1 from ${functions.tags} as tag where tag.value in (${sql.join(texts)}))`
  if (!orUnknown) return texts.length === 0 ? sql<SqlBool>`1 = 0` : tagged
  const untagged = sql<SqlBool>`not exists (select 1 from ${functions.tags} as tag)`
  return texts.length === 0 ? untagged : sql<SqlBool>`(${untagged} or ${tagged})`
}

function partsOf(value: FilterValue): { readonly texts: readonly string[]; readonly orUnknown: boolean } {
  const values = typeof value === 'string' || value === null ? [value] : value
  return { texts: values.filter((item) => item !== null), orUnknown: values.includes(null) }
}
