import { type RawBuilder, sql, type SqlBool } from 'kysely'
import { FILTER_NAMES, type FilterValue, type ResolvedFilter } from '../calls/call-filter.ts'
import { keptModelKey } from '../calls/model-key.ts'
import { type Rollup, rollupColumn, toRollupKey } from '../rollups/rollups.ts'

const MAX_STARTS = 100

/** A filter as conditions on the rows of a rollup that has its dimensions. */
export function keptConditions(filter: ResolvedFilter, rollup: Rollup): RawBuilder<SqlBool>[] {
  const conditions: RawBuilder<SqlBool>[] = []
  if (filter.from !== undefined) conditions.push(sql`kept.bucket_start >= ${filter.from}`)
  if (filter.to !== undefined) conditions.push(sql`kept.bucket_start < ${filter.to}`)
  const starts = startsOf(filter, rollup)
  if (starts !== undefined)
    conditions.push(sql`kept.bucket_start in (${sql.join(starts.map((start) => sql.lit(start)))})`)
  for (const name of FILTER_NAMES) {
    const value = filter[name]
    if (value === undefined || name === 'trace' || name === 'usedTool') continue
    const column =
      name === 'model' ? keptModelKey(filter.answeredAs, toRollupKey) : sql.ref(`kept.${rollupColumn(name)}`)
    conditions.push(isAnyKey(column, value))
  }
  return conditions
}

// The index starts with time and the first dimension, so for a few times an exact lookup of each beats a range scan.
function startsOf({ from, to, ...filter }: ResolvedFilter, { dimensions, widthMs }: Rollup): number[] | undefined {
  const [first] = dimensions
  if (first === undefined || filter[first] === undefined || from === undefined || to === undefined) return undefined
  const count = (to - from) / widthMs
  return count > MAX_STARTS ? undefined : Array.from({ length: count }, (_, index) => from + index * widthMs)
}

function isAnyKey(column: RawBuilder<unknown>, value: FilterValue): RawBuilder<SqlBool> {
  const values = typeof value === 'string' || value === null ? [value] : value
  return values.length === 0 ? sql`1 = 0` : sql`${column} in (${sql.join(values.map(toRollupKey))})`
}
