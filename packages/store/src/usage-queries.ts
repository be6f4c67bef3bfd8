import { type Kysely, type RawBuilder, sql } from 'kysely'
import { type CallFilter, FILTER_COLUMNS, type Grouping, GROUPINGS } from './call-filter.ts'
import { BUCKET_MS, createDayOf } from './day-of.ts'
import { matchesFilter } from './matches-filter.ts'
import type { SqlFunctions } from './sql-functions.ts'
import type { Store } from './store.ts'
import type { Tables } from './tables.ts'
import { addSums, sumsOf, toUsageTotals, type UsageRow, type UsageSums, usageSums } from './usage-totals.ts'

type KeyedSums<Key> = UsageSums & { readonly key: Key }

/** The questions that add calls up, each one statement, so that its numbers belong together. */
export function createUsageQueries(db: Kysely<Tables>, functions: SqlFunctions): Pick<Store, 'summary' | 'breakdown'> {
  const sums = sql.join(usageSums(functions))

  async function byTag(filter: CallFilter): Promise<UsageRow[]> {
    const query = sql<KeyedSums<string | null>>`
      select tag.value as key, ${sums} from calls left join ${functions.tags} as tag on true
      where ${matchesFilter(filter, functions)} group by tag.value`
    return (await query.execute(db)).rows.map(toUsageRow)
  }

  async function byColumn(filter: CallFilter, column: RawBuilder<unknown>): Promise<UsageRow[]> {
    const query = sql<KeyedSums<string | null>>`
      select ${column} as key, ${sums} from calls where ${matchesFilter(filter, functions)} group by ${column}`
    return (await query.execute(db)).rows.map(toUsageRow)
  }

  async function byDay(filter: CallFilter): Promise<UsageRow[]> {
    const dayOf = createDayOf(filter.tz ?? 'UTC')
    const bucket = sql`calls.started_at / ${sql.lit(BUCKET_MS)}`
    const query = sql<KeyedSums<number>>`
      select ${bucket} as key, ${sums} from calls where ${matchesFilter(filter, functions)} group by ${bucket}`
    const days = new Map<string, UsageSums>()
    for (const row of (await query.execute(db)).rows) {
      const day = dayOf(row.key * BUCKET_MS)
      const before = days.get(day)
      days.set(day, before === undefined ? sumsOf(row) : addSums(before, row))
    }
    return [...days].map(([key, sums]) => ({ key, ...toUsageTotals(sums) }))
  }

  return {
    async summary(filter) {
      const query = sql<UsageSums>`select ${sums} from calls where ${matchesFilter(filter, functions)}`
      const [row] = (await query.execute(db)).rows
      if (row === undefined) throw new Error('A query for sums gave no row')
      return toUsageTotals(sumsOf(row))
    },

    async breakdown(filter, groupBy) {
      if (groupBy === 'day') return (await byDay(filter)).sort((a, b) => compareKeys(a.key, b.key))
      if (groupBy === 'tag') return (await byTag(filter)).sort(dearestFirst)
      return (await byColumn(filter, columnOf(groupBy))).sort(dearestFirst)
    },
  }
}

function columnOf(groupBy: Exclude<Grouping, 'day' | 'tag'>): RawBuilder<unknown> {
  if (!Object.hasOwn(FILTER_COLUMNS, groupBy)) {
    throw new Error(`Unknown grouping "${groupBy}"; use ${GROUPINGS.join(', ')}`)
  }
  return sql.ref(`calls.${FILTER_COLUMNS[groupBy]}`)
}

function toUsageRow(row: KeyedSums<string | null>): UsageRow {
  return { key: row.key, ...toUsageTotals(sumsOf(row)) }
}

function dearestFirst(a: UsageRow, b: UsageRow): number {
  return (b.costNanoUsd ?? -1) - (a.costNanoUsd ?? -1) || b.calls - a.calls || compareKeys(a.key, b.key)
}

function compareKeys(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  return a === b ? 0 : a < b ? -1 : 1
}
