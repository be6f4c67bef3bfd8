import type { CallFilter, Grouping } from './call-filter.ts'
import { FILTER_COLUMNS, GROUPINGS } from './call-filter.ts'
import type { TimeseriesGroup } from './answers.ts'
import { checkLimit } from './check-limit.ts'
import { createFilterGrid } from './filter-grid.ts'
import { type Histogram, percentilesOf } from './histogram.ts'
import type { Store } from './store.ts'
import { createDaySlots, type TimeGrid } from './time-buckets.ts'
import type { Series, UsageAsker } from './usage-asker.ts'
import type { UsageSums } from './usage-sums.ts'
import { addSums, NO_SUMS, toUsageTotals, type UsageRow, type UsageSummary } from './usage-totals.ts'

type PlainGrouping = Exclude<Grouping, 'day'>

const DEFAULT_GROUPS = 8
const MAX_GROUPS = 100
const MAX_ROWS = 1000

/** The questions that add calls up. `now` gives epoch milliseconds. */
export function createUsageQueries(
  asker: UsageAsker,
  now: () => number,
): Pick<Store, 'summary' | 'breakdown' | 'timeseries'> {
  async function byDay(filter: CallFilter): Promise<UsageRow[]> {
    const { tz = 'UTC' } = filter
    const range = (await asker.range()) ?? { from: 0, to: 0 }
    // What is asked for may reach far beyond what there is.
    const from = Math.max(filter.from ?? 0, range.from)
    const to = Math.max(from, Math.min(filter.to ?? range.to, range.to))
    const series = await asker.series({ ...filter, from, to }, undefined, createDaySlots({ from, to, tz }))
    const days = [...(series.get(null) ?? [])].sort(([a], [b]) => compareKeys(a, b))
    return days.map(([key, sums]) => ({ key, ...toUsageTotals(sums) }))
  }

  async function percentiles(filter: CallFilter, groupBy: PlainGrouping | undefined): Promise<PercentilesOf> {
    const duration = await asker.histograms(filter, groupBy, 'duration')
    const timeToFirstToken = await asker.histograms(filter, groupBy, 'timeToFirstToken')
    return (keys) => ({
      duration: percentilesOf(joined(duration, keys)),
      timeToFirstToken: percentilesOf(joined(timeToFirstToken, keys)),
    })
  }

  return {
    async summary(filter, options = {}) {
      const sums = (await asker.sums(filter, undefined)).get(null) ?? NO_SUMS
      const parts = options.percentiles === true ? (await percentiles(filter, undefined))([null]) : {}
      return { ...toUsageTotals(sums), ...parts }
    },

    async breakdown(filter, groupBy, { limit, percentiles: wanted = false } = {}) {
      if (limit !== undefined) checkLimit(limit, MAX_ROWS, 'rows')
      if (groupBy === 'day') return byDay(filter)
      checkGrouping(groupBy)
      const groups = dearestFirst(await asker.sums(filter, groupBy))
      const partsOf = wanted ? await percentiles(filter, groupBy) : (): Partial<UsageSummary> => ({})
      const first = groups.slice(0, limit)
      const others = groups.slice(first.length)
      const rows = first.map(([key, sums]): UsageRow => ({ key, ...toUsageTotals(sums), ...partsOf([key]) }))
      if (others.length === 0) return rows
      const sums = others.map(([, sums]) => sums).reduce(addSums)
      const keys = others.map(([key]) => key)
      return [...rows, { key: null, isOther: true, ...toUsageTotals(sums), ...partsOf(keys) }]
    },

    async timeseries(filter, { bucket = 'auto', groupBy, limit = DEFAULT_GROUPS } = {}) {
      checkLimit(limit, MAX_GROUPS, 'groups')
      if (groupBy !== undefined) checkGrouping(groupBy)
      const grid = await createFilterGrid(asker, filter, { size: bucket, now: now() })
      const totals = filled(grid, (await asker.series(filter, undefined, grid)).get(null))
      const answer = { bucket: grid.size, buckets: grid.buckets, totals: totals.map(toUsageTotals) }
      if (groupBy === undefined) return answer
      return { ...answer, groups: groupsOf(await asker.series(filter, groupBy, grid), grid, limit) }
    },
  }
}

type PercentilesOf = (keys: readonly (string | null)[]) => Pick<UsageSummary, 'duration' | 'timeToFirstToken'>

function checkGrouping(groupBy: PlainGrouping): void {
  if (groupBy !== 'tag' && !Object.hasOwn(FILTER_COLUMNS, groupBy)) {
    throw new Error(`Unknown grouping "${String(groupBy)}"; use ${GROUPINGS.join(', ')}`)
  }
}

function groupsOf(series: Series<number>, grid: TimeGrid, limit: number): TimeseriesGroup[] {
  const sums = new Map([...series].map(([key, buckets]) => [key, [...buckets.values()].reduce(addSums)]))
  const keys = dearestFirst(sums).map(([key]) => key)
  const groups = keys.slice(0, limit).map((key): TimeseriesGroup => ({
    key,
    totals: filled(grid, series.get(key)).map(toUsageTotals),
  }))
  if (keys.length <= limit) return groups
  const others = keys.slice(limit).map((key) => filled(grid, series.get(key)))
  const added = grid.buckets.map((_, index) => others.map((buckets) => buckets[index] ?? NO_SUMS).reduce(addSums))
  return [...groups, { key: null, isOther: true, totals: added.map(toUsageTotals) }]
}

function filled(grid: TimeGrid, series: ReadonlyMap<number, UsageSums> = new Map()): UsageSums[] {
  return grid.buckets.map((_, index) => series.get(index) ?? NO_SUMS)
}

function joined(histograms: ReadonlyMap<string | null, Histogram>, keys: readonly (string | null)[]): Histogram {
  const [only] = keys
  if (keys.length === 1 && only !== undefined) return histograms.get(only) ?? new Map()
  const sum: Histogram = new Map()
  for (const key of keys) {
    for (const [bin, count] of histograms.get(key) ?? []) sum.set(bin, (sum.get(bin) ?? 0) + count)
  }
  return sum
}

function dearestFirst(groups: ReadonlyMap<string | null, UsageSums>): [string | null, UsageSums][] {
  const cost = (sums: UsageSums): number => (sums.cost_nano_usd_known > 0 ? sums.cost_nano_usd_sum : -1)
  return [...groups].sort(([keyA, a], [keyB, b]) => cost(b) - cost(a) || b.calls - a.calls || compareKeys(keyA, keyB))
}

function compareKeys(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  return a === b ? 0 : a < b ? -1 : 1
}
