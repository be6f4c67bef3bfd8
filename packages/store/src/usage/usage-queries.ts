import type { Grouping, ResolvedFilter } from '../calls/call-filter.ts'
import { FILTER_COLUMNS, GROUPINGS } from '../calls/call-filter.ts'
import type { TimeseriesGroup } from './timeseries.ts'
import { QueryError } from '../query-error.ts'
import { checkLimit } from '../sql/check-limit.ts'
import { createFilterGrid } from './filter-grid.ts'
import { addToBin, type Histogram, percentilesOf } from '../sums/histogram.ts'
import type { UsageStore } from './usage-store.ts'
import { createDaySlots, type TimeGrid } from '../sums/time-buckets.ts'
import type { UsageAsker } from './usage-asker.ts'
import type { GroupKey } from './usage-parts.ts'
import type { UsageSums } from '../sums/usage-sums.ts'
import {
  addSums,
  NO_SUMS,
  subtractSums,
  toUsageTotals,
  type UsageRow,
  type UsageSummary,
} from '../sums/usage-totals.ts'

type PlainGrouping = Exclude<Grouping, 'day'>

const DEFAULT_GROUPS = 8
const MAX_GROUPS = 100
const MAX_ROWS = 1000

/** Adds up calls. `now` returns epoch milliseconds. */
export function createUsageQueries(
  asker: UsageAsker,
  now: () => number,
): Pick<UsageStore, 'summary' | 'breakdown' | 'timeseries'> {
  async function byDay(filter: ResolvedFilter): Promise<UsageRow[]> {
    const { tz = 'UTC' } = filter
    const range = (await asker.range()) ?? { from: 0, to: 0 }
    // The requested range may be far longer than the stored one.
    const from = Math.max(filter.from ?? 0, range.from)
    const to = Math.max(from, Math.min(filter.to ?? range.to, range.to))
    const series = await asker.series({ ...filter, from, to }, undefined, createDaySlots({ from, to, tz }))
    const days = [...(series.get(null) ?? [])].sort(([a], [b]) => compareKeys(a, b))
    return days.map(([key, sums]) => ({ key, ...toUsageTotals(sums) }))
  }

  // Groups by tag and by tool overlap, so subtracting them from all calls does not leave the other tags.
  async function groupsOf(filter: ResolvedFilter, groupBy: PlainGrouping, limit: number | undefined): Promise<Groups> {
    if (limit === undefined || groupBy === 'tag' || groupBy === 'tool') {
      const groups = mostExpensiveFirst(await asker.sums(filter, groupKeyOf(groupBy)))
      const others = groups.slice(limit ?? groups.length)
      return { groups: groups.slice(0, limit), others: sumOf(others.map(([, sums]) => sums)) }
    }
    const groups = await asker.top(filter, groupBy, limit + 1)
    if (groups.length <= limit) return { groups, others: undefined }
    const first = groups.slice(0, limit)
    const all = (await asker.sums(filter, undefined)).get(null) ?? NO_SUMS
    return { groups: first, others: first.map(([, sums]) => sums).reduce(subtractSums, all) }
  }

  // No row of a tool names a model, so all of them are in one group at first.
  async function groupsByModel(filter: ResolvedFilter, limit: number | undefined): Promise<Groups> {
    const groups = await asker.sums(filter, 'model')
    const unknown = groups.get(null)
    if (unknown !== undefined && unknown.tool_calls > 0) {
      let rest = unknown
      for (const [key, tools] of await asker.toolsByModel(filter)) {
        if (key === null) continue
        groups.set(key, addSums(groups.get(key) ?? NO_SUMS, tools))
        rest = subtractSums(rest, tools)
      }
      if (rest.all_calls > 0) groups.set(null, rest)
      else groups.delete(null)
    }
    const sorted = mostExpensiveFirst(groups)
    return {
      groups: sorted.slice(0, limit),
      others: sumOf(sorted.slice(limit ?? sorted.length).map(([, sums]) => sums)),
    }
  }

  async function percentilesOfGroups(
    filter: ResolvedFilter,
    groupBy: PlainGrouping,
    keys: readonly (string | null)[],
  ): Promise<(key: string | null | undefined) => PercentileParts> {
    const { duration, timeToFirstToken } = await asker.histograms(filter, groupKeyOf(groupBy), [
      'duration',
      'timeToFirstToken',
    ])
    const durations = withOthers(duration, keys)
    const firstTokens = withOthers(timeToFirstToken, keys)
    return (key) => ({ duration: percentilesOf(durations(key)), timeToFirstToken: percentilesOf(firstTokens(key)) })
  }

  async function groupSeries(
    filter: ResolvedFilter,
    groupBy: PlainGrouping,
    options: GroupSeriesOptions,
  ): Promise<TimeseriesGroup[]> {
    const { grid, limit, totals } = options
    const { groups, others } = await groupsOf(filter, groupBy, limit)
    const keys = groups.map(([key]) => key)
    const isOverlapping = groupBy === 'tag' || groupBy === 'tool'
    const given = isOverlapping ? filter : { ...filter, [groupBy]: keys }
    const series = await asker.series(given, groupKeyOf(groupBy), grid)
    const named = keys.map((key) => filled(grid, series.get(key)))
    const rows = named.map((buckets, index): TimeseriesGroup => ({
      key: keys[index] ?? null,
      totals: buckets.map(toUsageTotals),
    }))
    if (others === undefined) return rows
    const rest = isOverlapping
      ? addedUp(
          grid,
          [...series].filter(([key]) => !keys.includes(key)).map(([, buckets]) => filled(grid, buckets)),
        )
      : totals.map((sums, index) => named.map((buckets) => buckets[index] ?? NO_SUMS).reduce(subtractSums, sums))
    return [...rows, { key: null, isOther: true, totals: rest.map(toUsageTotals) }]
  }

  return {
    async summary(given, options = {}) {
      const filter = await asker.resolved(given)
      const totals = toUsageTotals((await asker.sums(filter, undefined)).get(null) ?? NO_SUMS)
      if (options.percentiles !== true) return totals
      const histograms = await asker.histograms(filter, undefined, ['duration', 'timeToFirstToken'])
      const [duration = new Map()] = histograms.duration.values()
      const [firstToken = new Map()] = histograms.timeToFirstToken.values()
      return { ...totals, duration: percentilesOf(duration), timeToFirstToken: percentilesOf(firstToken) }
    },

    async breakdown(given, groupBy, { limit, percentiles = false, toolsByModel = true } = {}) {
      if (limit !== undefined) checkLimit(limit, MAX_ROWS, 'rows')
      const filter = await asker.resolved(given, groupBy)
      if (groupBy === 'day') return byDay(filter)
      checkGrouping(groupBy)
      const { groups, others } =
        groupBy === 'model' && toolsByModel
          ? await groupsByModel(filter, limit)
          : await groupsOf(filter, groupBy, limit)
      const keys = groups.map(([key]) => key)
      const partsOf = percentiles ? await percentilesOfGroups(filter, groupBy, keys) : (): PercentileParts => ({})
      const rows = groups.map(([key, sums]): UsageRow => ({ key, ...toUsageTotals(sums), ...partsOf(key) }))
      if (others === undefined) return rows
      return [...rows, { key: null, isOther: true, ...toUsageTotals(others), ...partsOf(undefined) }]
    },

    async timeseries(given, { bucket = 'auto', groupBy, limit = DEFAULT_GROUPS } = {}) {
      checkLimit(limit, MAX_GROUPS, 'groups')
      if (groupBy !== undefined) checkGrouping(groupBy)
      const filter = await asker.resolved(given, groupBy)
      const grid = await createFilterGrid(asker, filter, { size: bucket, now: now() })
      const range = { ...filter, from: grid.from, to: grid.to }
      const totals = filled(grid, (await asker.series(range, undefined, grid)).get(null))
      const answer = { bucket: grid.size, buckets: grid.buckets, totals: totals.map(toUsageTotals) }
      if (groupBy === undefined) return answer
      return { ...answer, groups: await groupSeries(range, groupBy, { grid, limit, totals }) }
    },
  }
}

interface Groups {
  readonly groups: readonly (readonly [string | null, UsageSums])[]
  /** The sum of the groups beyond the limit. */
  readonly others: UsageSums | undefined
}

interface GroupSeriesOptions {
  readonly grid: TimeGrid
  readonly limit: number
  /** The sums of all calls, one for each bucket. */
  readonly totals: readonly UsageSums[]
}

function groupKeyOf(groupBy: PlainGrouping): GroupKey {
  return groupBy === 'tool' ? 'askedTool' : groupBy
}

type PercentileParts = Pick<UsageSummary, 'duration' | 'timeToFirstToken'>

function checkGrouping(groupBy: PlainGrouping): void {
  if (groupBy !== 'tag' && !Object.hasOwn(FILTER_COLUMNS, groupBy)) {
    throw new QueryError(`Unknown grouping "${groupBy as string}"`, {
      code: 'unknown_value',
      field: 'groupBy',
      hint: `use ${GROUPINGS.join(', ')}`,
    })
  }
}

function filled(grid: TimeGrid, series: ReadonlyMap<number, UsageSums> = new Map()): UsageSums[] {
  return grid.buckets.map((_, index) => series.get(index) ?? NO_SUMS)
}

function addedUp(grid: TimeGrid, series: readonly (readonly UsageSums[])[]): UsageSums[] {
  return grid.buckets.map((_, index) => series.map((buckets) => buckets[index] ?? NO_SUMS).reduce(addSums, NO_SUMS))
}

// Returns the histogram of a key, or that of all other keys for `undefined`.
function withOthers(
  byKey: ReadonlyMap<string | null, Histogram>,
  keys: readonly (string | null)[],
): (key: string | null | undefined) => Histogram {
  const isNamed = new Set(keys)
  const others: Histogram = new Map()
  for (const [key, histogram] of byKey) {
    if (isNamed.has(key)) continue
    for (const [bin, count] of histogram) addToBin(others, bin, count)
  }
  return (key) => (key === undefined ? others : (byKey.get(key) ?? new Map()))
}

function sumOf(sums: readonly UsageSums[]): UsageSums | undefined {
  return sums.length === 0 ? undefined : sums.reduce(addSums)
}

function mostExpensiveFirst(groups: ReadonlyMap<string | null, UsageSums>): [string | null, UsageSums][] {
  const cost = (sums: UsageSums): number => (sums.cost_nano_usd_known > 0 ? sums.cost_nano_usd_sum : -1)
  return [...groups].sort(([keyA, a], [keyB, b]) => cost(b) - cost(a) || b.calls - a.calls || compareKeys(keyA, keyB))
}

function compareKeys(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  return a === b ? 0 : a < b ? -1 : 1
}
