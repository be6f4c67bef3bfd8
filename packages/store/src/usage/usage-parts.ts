import { type RawBuilder, sql } from 'kysely'
import { FILTER_COLUMNS, type ResolvedFilter } from '../calls/call-filter.ts'
import { keptModelKey, modelKey } from '../calls/model-key.ts'
import { binInSql } from '../sums/histogram.ts'
import { matchesFilter } from '../calls/matches-filter.ts'
import {
  type HistogramName,
  HISTOGRAMS,
  type Rollup,
  rollupColumn,
  type RollupDimension,
  toRollupKey,
} from '../rollups/rollups.ts'
import type { PlannedPart } from '../rollups/rollup-plan.ts'
import { keptConditions } from './kept-conditions.ts'
import type { SqlFunctions } from '../sql/sql-functions.ts'
import { callSums, keptSums, type SumName } from '../sums/usage-sums.ts'

/** The grouping of a part. `askedTool` also counts a model call, under each tool that it asked for. */
export type GroupKey = RollupDimension | 'trace' | 'askedTool' | undefined

/** The selects of a part; each returns `key` and further columns. */
export interface PartSelects {
  readonly sums: RawBuilder<unknown>
  /** Also returns `slot` and `first_at`, the first time in the slot. */
  sumsBySlot(slotOf: (time: RawBuilder<number>) => RawBuilder<number>): RawBuilder<unknown>
  /** Returns `place`, the index of the histogram among the names, and `pairs`, a text of `bin:count`. */
  histograms(names: readonly HistogramName[]): RawBuilder<unknown>
}

/** The query that a part answers. */
export interface PartQuery {
  readonly filter: ResolvedFilter
  readonly groupBy: GroupKey
  readonly functions: SqlFunctions
  /** The requested sums; all by default. */
  readonly names?: readonly SumName[] | undefined
}

/** The selects of a part, from calls or from a rollup. */
export function selectsOf(part: PlannedPart, asked: PartQuery): PartSelects {
  return part.rollup === undefined
    ? callSelects({ ...asked.filter, from: part.from, to: part.to }, asked)
    : keptSelects({ ...part, rollup: part.rollup }, asked)
}

function callSelects(filter: ResolvedFilter, { groupBy, functions, names }: PartQuery): PartSelects {
  const from = fromOf(groupBy, filter, functions)
  const key = callKey(groupBy, filter)
  const where = matchesFilter(filter, functions)
  const sums = sql.join(callSums(functions, names))
  return {
    sums: sql`select ${key} as key, ${sums} from ${from} where ${where} ${grouped(groupBy, sql`group by 1`)}`,
    sumsBySlot: (slotOf) => sql`
      select ${key} as key, ${slotOf(sql`calls.started_at`)} as slot, min(calls.started_at) as first_at, ${sums}
      from ${from} where ${where} group by 1, 2`,
    // Reads each call once for all histograms, because reading calls takes the most time.
    histograms(names) {
      const binOf = (name: HistogramName, index: number): RawBuilder<unknown> => {
        const { callColumn, ofTools } = HISTOGRAMS[name]
        const isMeant = ofTools ? sql`calls.kind = 'tool'` : sql`calls.billable = 1`
        return sql`when ${sql.lit(index)} then case when ${isMeant} then ${binInSql(sql.ref(`calls.${callColumn}`), functions)} end`
      }
      return sql`
        select key, place, ${functions.joined(sql`bin || ':' || bin_count`)} as pairs from (
          select ${key} as key, wanted.place, case wanted.place ${sql.join(names.map(binOf), sql` `)} end as bin,
            count(*) as bin_count
          from ${from} cross join (${sql.join(names.map(selectIndex), sql` union all `)}) as wanted
          where ${where} group by 1, 2, 3
        ) as bins where bin is not null group by key, place`
    },
  }
}

function selectIndex(_: HistogramName, index: number): RawBuilder<unknown> {
  return sql`select ${sql.lit(index)} as place`
}

function keptSelects(
  { rollup, from, to }: PlannedPart & { readonly rollup: Rollup },
  { filter, groupBy, functions, names }: PartQuery,
): PartSelects {
  const table = sql`${sql.table(rollup.table)} as kept`
  const key = keptKey(groupBy, filter)
  const where = sql.join([...keptConditions({ ...filter, from, to }, rollup), sql`1 = 1`], sql` and `)
  const sums = sql.join(keptSums(functions, names))
  return {
    sums: sql`select ${key} as key, ${sums} from ${table} where ${where} ${grouped(groupBy, sql`group by 1`)}`,
    sumsBySlot: (slotOf) => sql`
      select ${key} as key, ${slotOf(sql`kept.bucket_start`)} as slot, min(kept.bucket_start) as first_at, ${sums}
      from ${table} where ${where} group by 1, 2`,
    histograms(names) {
      const selects = names.map((name, index) => {
        const column = sql.ref(`kept.${HISTOGRAMS[name].column}`)
        return sql`
          select ${key} as key, ${sql.lit(index)} as place, ${functions.joined(column)} as pairs
          from ${table} where ${column} <> '' and ${where} group by 1`
      })
      return sql.join(selects, sql` union all `)
    },
  }
}

function grouped(groupBy: GroupKey, clause: RawBuilder<unknown>): RawBuilder<unknown> {
  return groupBy === undefined ? sql`` : clause
}

function fromOf(groupBy: GroupKey, { from }: ResolvedFilter, functions: SqlFunctions): RawBuilder<unknown> {
  if (groupBy === 'tag') return sql`calls left join ${functions.tags} as tag on true`
  if (groupBy !== 'askedTool') return sql`calls`
  // A tool starts after the call that asked for it.
  const since = from === undefined ? sql`1 = 1` : sql`tools.started_at >= ${from}`
  return sql`calls left join (
    select distinct tools.trace_id, tools.parent_span_id, tools.tool_name from calls as tools
    where tools.kind = 'tool' and tools.parent_span_id is not null and ${since}
  ) as asked on calls.billable = 1 and asked.trace_id = calls.trace_id and asked.parent_span_id = calls.span_id`
}

function callKey(groupBy: GroupKey, { answeredAs }: ResolvedFilter): RawBuilder<string | null> {
  if (groupBy === undefined) return sql`cast(null as text)`
  if (groupBy === 'model') return modelKey(answeredAs)
  if (groupBy === 'askedTool') return sql`coalesce(asked.tool_name, calls.tool_name)`
  return groupBy === 'tag' ? sql`tag.value` : sql.ref(`calls.${FILTER_COLUMNS[groupBy]}`)
}

function keptKey(groupBy: GroupKey, { answeredAs }: ResolvedFilter): RawBuilder<string | null> {
  if (groupBy === undefined || groupBy === 'trace' || groupBy === 'askedTool') return sql`cast(null as text)`
  const key = groupBy === 'model' ? keptModelKey(answeredAs, toRollupKey) : sql.ref(`kept.${rollupColumn(groupBy)}`)
  return sql`substr(nullif(${key}, ''), 2)`
}
