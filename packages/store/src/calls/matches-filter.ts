import { type Expression, type RawBuilder, sql, type SqlBool } from 'kysely'
import {
  COLUMN_FILTERS,
  FILTER_COLUMNS,
  type FilterValue,
  RANGE_COLUMNS,
  RANGE_NAMES,
  type RangeName,
  type ResolvedFilter,
  type ValueFilter,
} from './call-filter.ts'
import { modelKey } from './model-key.ts'
import type { SqlFunctions } from '../sql/sql-functions.ts'

/** A filter as a SQL condition. Values become parameters; column names come from `FILTER_COLUMNS`, never from input. */
export function matchesFilter(filter: ResolvedFilter, functions: SqlFunctions): RawBuilder<SqlBool> {
  const conditions: RawBuilder<SqlBool>[] = []
  if (filter.from !== undefined) conditions.push(sql`calls.started_at >= ${filter.from}`)
  if (filter.to !== undefined) conditions.push(sql`calls.started_at < ${filter.to}`)
  conditions.push(...valueConditions(filter, filter.answeredAs, functions))
  for (const condition of valueConditions(filter.except ?? {}, filter.answeredAs, functions)) {
    // A comparison with an unknown value is neither true nor false, and such a call stays.
    conditions.push(sql`coalesce(not (${condition}), true)`)
  }
  for (const name of RANGE_NAMES) {
    const { from, to } = filter[name] ?? {}
    const column = sql.ref(`calls.${RANGE_COLUMNS[name]}`)
    if (from !== undefined) conditions.push(sql`${column} >= ${bound(from, Math.ceil, name)}`)
    if (to !== undefined) conditions.push(sql`${column} <= ${bound(to, Math.floor, name)}`)
  }
  for (const [key, value] of Object.entries(filter.metadata ?? {})) {
    conditions.push(hasElement(functions.metadata, value, sql`entry.key = ${key}`))
  }
  return conditions.length === 0 ? sql<SqlBool>`1 = 1` : sql<SqlBool>`${sql.join(conditions, sql` and `)}`
}

// Postgres compares an integer column with integers only.
function bound(value: number, toInteger: (value: number) => number, name: RangeName): number {
  const whole = name === 'duration' ? value : toInteger(value)
  return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(whole, Number.MAX_SAFE_INTEGER))
}

function valueConditions(
  filter: ValueFilter,
  answeredAs: ResolvedFilter['answeredAs'],
  functions: SqlFunctions,
): RawBuilder<SqlBool>[] {
  const conditions = COLUMN_FILTERS.flatMap((name) => {
    const value = filter[name]
    if (value === undefined) return []
    const column = name === 'model' ? modelKey(answeredAs) : sql.ref(`calls.${FILTER_COLUMNS[name]}`)
    return [isAnyOf(column, value)]
  })
  if (filter.tag !== undefined) conditions.push(hasElement(functions.tags, filter.tag))
  if (filter.usedTool !== undefined) conditions.push(usedAnyTool(filter.usedTool))
  return conditions
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

// Whether a table of texts, in column `value`, has any of them. `null` asks for a table without rows.
function hasElement(
  table: RawBuilder<{ value: string }>,
  wanted: FilterValue,
  condition: RawBuilder<SqlBool> = sql`1 = 1`,
): RawBuilder<SqlBool> {
  const { texts, orUnknown } = partsOf(wanted)
  const elements = sql`select 1 from ${table} as entry where ${condition}`
  const has = sql<SqlBool>`exists (${elements} and entry.value in (${sql.join(texts)}))`
  if (!orUnknown) return texts.length === 0 ? sql<SqlBool>`1 = 0` : has
  const hasNone = sql<SqlBool>`not exists (${elements})`
  return texts.length === 0 ? hasNone : sql<SqlBool>`(${hasNone} or ${has})`
}

function partsOf(value: FilterValue): { readonly texts: readonly string[]; readonly orUnknown: boolean } {
  const values = typeof value === 'string' || value === null ? [value] : value
  return { texts: values.filter((item) => item !== null), orUnknown: values.includes(null) }
}
