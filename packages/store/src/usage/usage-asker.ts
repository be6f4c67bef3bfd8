import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { CallFilter, ResolvedFilter } from '../calls/call-filter.ts'
import { answeredAsOf, type AnsweredRow, answeredSelect } from './answered-models.ts'
import { addPairs, type Histogram } from '../sums/histogram.ts'
import { planUsage, type RollupsFrom, type UsageQuery } from '../rollups/rollup-plan.ts'
import type { HistogramName } from '../rollups/rollups.ts'
import { matchesFilter } from '../calls/matches-filter.ts'
import { modelKey } from '../calls/model-key.ts'
import type { SqlFunctions } from '../sql/sql-functions.ts'
import type { Tables } from '../sql/tables.ts'
import type { TimeSlots } from '../sums/time-buckets.ts'
import { QUARTER_MS } from '../sums/zone-offsets.ts'
import { type GroupKey, type PartSelects, selectsOf } from './usage-parts.ts'
import { callSums, SUM_NAMES, type SumName, type UsageSums } from '../sums/usage-sums.ts'
import { addSums } from '../sums/usage-totals.ts'

/** Reads sums from rollups and calls, in one statement each, so that its numbers are consistent. */
export interface UsageAsker {
  /**
   * The filter with the models under which unanswered calls count, if it or the grouping needs them. They are those of
   * its time range and project. The other methods take what it returns.
   */
  resolved(filter: CallFilter, groupBy?: GroupKey | 'day'): Promise<ResolvedFilter>
  /** The sums of the calls of a filter, by key; without `groupBy` the key is NULL. */
  sums(filter: ResolvedFilter, groupBy: GroupKey): Promise<Map<string | null, UsageSums>>
  /** The sums of tool calls that name no model, by the model of the call that asked for them. Reads calls. */
  toolsByModel(filter: ResolvedFilter): Promise<Map<string | null, UsageSums>>
  /** The groups by cost, the most expensive first; equal ones by their number of calls. */
  top(filter: ResolvedFilter, groupBy: GroupKey, limit: number): Promise<[string | null, UsageSums][]>
  /** The sums by key and bucket. */
  series<Name>(filter: ResolvedFilter, groupBy: GroupKey, slots: TimeSlots<Name>): Promise<Series<Name>>
  /** The named histograms, each by key. */
  histograms<Name extends HistogramName>(
    filter: ResolvedFilter,
    groupBy: GroupKey,
    names: readonly Name[],
  ): Promise<{ readonly [Asked in Name]: ReadonlyMap<string | null, Histogram> }>
  /** When the first call started, and the first time after the last one; undefined if there are no calls. */
  range(): Promise<{ readonly from: number; readonly to: number } | undefined>
}

/** Sums by key and bucket. */
export type Series<Name> = ReadonlyMap<string | null, ReadonlyMap<Name, UsageSums>>

/** The sums that order groups and show whether they exist. */
const ORDERING_SUMS: readonly SumName[] = ['all_calls', 'calls', 'cost_nano_usd_sum', 'cost_nano_usd_known']

type SumsRow = UsageSums & { readonly key: string | null }

interface UsageAskerOptions {
  readonly db: Kysely<Tables>
  readonly functions: SqlFunctions
  /** Whether the database has rollups. */
  readonly keepsRollups: boolean
  /** Whether queries may use them. */
  readonly usesRollups: boolean
}

/** Creates the reader of sums of one database. */
export function createUsageAsker({ db, functions, keepsRollups, usesRollups }: UsageAskerOptions): UsageAsker {
  async function rollupsFrom(): Promise<RollupsFrom> {
    if (!keepsRollups || !usesRollups) return undefined
    const query = sql<{ rollups_from: number | null }>`select rollups_from from rollup_state`
    return (await query.execute(db)).rows[0]?.rollups_from ?? undefined
  }

  async function ask<Row>(
    query: UsageQuery & { readonly groupBy: GroupKey },
    selectOf: (selects: PartSelects) => RawBuilder<unknown>,
  ): Promise<readonly Row[]> {
    const { filter, groupBy } = query
    const parts = planUsage(query, await rollupsFrom())
    const selects = parts.map((part) => selectOf(selectsOf(part, { filter, groupBy, functions })))
    return (await sql<Row>`${sql.join(selects, sql` union all `)}`.execute(db)).rows
  }

  async function sumsOf(filter: ResolvedFilter, groupBy: GroupKey): Promise<Map<string | null, UsageSums>> {
    const rows = await ask<SumsRow>({ filter, groupBy }, (selects) => selects.sums)
    const byKey = new Map<string | null, UsageSums>()
    for (const row of rows) {
      // A rollup keeps the row of a group whose calls have all moved to other groups.
      if (row.all_calls === 0) continue
      addTo(byKey, row.key, row)
    }
    return byKey
  }

  return {
    async resolved(filter, groupBy) {
      if (groupBy !== 'model' && filter.model === undefined && filter.except?.model === undefined) return filter
      const { from, to, project } = filter
      const range = { from, to, project }
      const parts = planUsage({ filter: range, groupBy: 'model' }, await rollupsFrom())
      const selects = parts.map((part) => answeredSelect(part, range, functions))
      const { rows } = await sql<AnsweredRow>`${sql.join(selects, sql` union all `)}`.execute(db)
      return { ...filter, answeredAs: answeredAsOf(rows) }
    },

    sums: sumsOf,

    async toolsByModel(filter) {
      const query = sql<SumsRow>`
        select ${modelKey(filter.answeredAs, 'asker')} as key, ${sql.join(callSums(functions))}
        from calls join calls as asker on asker.trace_id = calls.trace_id and asker.span_id = calls.parent_span_id
        where calls.kind = 'tool' and calls.billable = 0 and calls.model is null and calls.request_model is null
          and asker.billable = 1 and ${matchesFilter(filter, functions)}
        group by 1`
      return new Map((await query.execute(db)).rows.map((row) => [row.key, row]))
    },

    async top(filter, groupBy, limit) {
      const parts = planUsage({ filter, groupBy }, await rollupsFrom())
      // In rollups it is fastest to find the groups first and then read all their sums.
      const isKept = parts.some(({ rollup }) => rollup !== undefined)
      const names = isKept ? ORDERING_SUMS : SUM_NAMES
      const selects = parts.map((part) => selectsOf(part, { filter, groupBy, functions, names }).sums)
      const sums = sql.join(names.map((name) => functions.total(sql.ref(`parts.${name}`)).as(name)))
      const query = sql<SumsRow>`
        select * from (
          select key, ${sums} from (${sql.join(selects, sql` union all `)}) as parts group by key
        ) as sums_of_groups where all_calls > 0
        order by case when cost_nano_usd_known > 0 then cost_nano_usd_sum else -1 end desc, calls desc, key is null, key
        limit ${limit}`
      const { rows } = await query.execute(db)
      if (!isKept || groupBy === undefined) return rows.map((row) => [row.key, row])
      const byKey = await sumsOf({ ...filter, [groupBy]: rows.map(({ key }) => key) }, groupBy)
      // Its calls may have been deleted between the two queries.
      return rows.flatMap(({ key }) => {
        const found = byKey.get(key)
        return found === undefined ? [] : [[key, found] as [string | null, UsageSums]]
      })
    },

    async series<Name>(filter: ResolvedFilter, groupBy: GroupKey, slots: TimeSlots<Name>) {
      const rows = await ask<SumsRow & { readonly first_at: number }>(
        { filter, groupBy, grainMs: slots.grainMs },
        (selects) => selects.sumsBySlot(slots.slotOf),
      )
      const byKey = new Map<string | null, Map<Name, UsageSums>>()
      for (const row of rows) {
        if (row.all_calls === 0) continue
        const buckets = byKey.get(row.key) ?? new Map<Name, UsageSums>()
        byKey.set(row.key, buckets)
        addTo(buckets, slots.bucketOf(row.first_at), row)
      }
      return byKey
    },

    async histograms<Name extends HistogramName>(filter: ResolvedFilter, groupBy: GroupKey, names: readonly Name[]) {
      const rows = await ask<{ readonly key: string | null; readonly place: number; readonly pairs: string }>(
        { filter, groupBy, needsHistograms: true },
        (selects) => selects.histograms(names),
      )
      const found = names.map(() => new Map<string | null, Histogram>())
      for (const { key, place, pairs } of rows) {
        const byKey = found[place]
        const histogram = byKey?.get(key) ?? new Map<number, number>()
        byKey?.set(key, histogram)
        addPairs(histogram, pairs)
      }
      const byName = Object.fromEntries(names.map((name, index) => [name, found[index]]))
      return byName as unknown as { readonly [Asked in Name]: ReadonlyMap<string | null, Histogram> } // one for each name
    },

    async range() {
      const kept = keepsRollups
        ? sql`(select min(bucket_start) from rollup_quarters) as first_kept,
        (select max(bucket_start) + ${sql.lit(QUARTER_MS)} from rollup_quarters) as last_kept`
        : sql`null as first_kept, null as last_kept`
      const query = sql<Readonly<Record<'first' | 'last' | 'first_kept' | 'last_kept', number | null>>>`select
        (select min(started_at) from calls) as first, (select max(started_at) + 1 from calls) as last, ${kept}`
      const [row] = (await query.execute(db)).rows
      if (row === undefined) return undefined
      // Retention may have deleted only the calls of a time, or only its rollups.
      const from = row.first_kept === null ? row.first : Math.min(row.first ?? Infinity, row.first_kept)
      const to = row.last ?? row.last_kept
      return from === null || to === null ? undefined : { from, to }
    },
  }
}

function addTo<Key>(sums: Map<Key, UsageSums>, key: Key, row: UsageSums): void {
  const before = sums.get(key)
  sums.set(key, before === undefined ? row : addSums(before, row))
}
