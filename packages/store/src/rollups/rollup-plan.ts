import { DAY_MS } from '@spanledger/core/time'
import { FILTER_NAMES, type FilterValue, needsCalls, type ResolvedFilter } from '../calls/call-filter.ts'
import { HOUR_MS, type Rollup, type RollupDimension, ROLLUPS } from './rollups.ts'
import { QUARTER_MS } from '../sums/zone-offsets.ts'

/** The UTC day (epoch milliseconds) from which rollups are complete; `undefined` if they are not built yet. */
export type RollupsFrom = number | undefined

/** The parts of a query that decide which rollups can answer it. */
export interface UsageQuery {
  readonly filter: ResolvedFilter
  readonly groupBy?: RollupDimension | 'trace' | 'askedTool' | undefined
  readonly needsHistograms?: boolean | undefined
  /** The result is cut only at multiples of this many milliseconds; not at all if missing. */
  readonly grainMs?: number | undefined
}

/** A part of the time range, which is read from a rollup, or from calls if `rollup` is missing. */
export interface PlannedPart {
  readonly rollup?: Rollup | undefined
  /** Epoch milliseconds; if one is missing, the part is unbounded on that side. */
  readonly from?: number | undefined
  readonly to?: number | undefined
}

/**
 * Splits a time range into parts: whole UTC days are read from the daily rollup, the rest from the hourly and then the
 * 15-minute rollups. What is left at the ends, what no rollup distinguishes, and the time before rollups is read from
 * calls. The parts do not overlap, so their sums add up.
 */
export function planUsage(query: UsageQuery, rollupsFrom: RollupsFrom): readonly PlannedPart[] {
  const { from, to } = query.filter
  const rollups = rollupsFor(query)
  if (rollups.length === 0 || rollupsFrom === undefined) return [{ from, to }]
  let gaps: readonly PlannedPart[] = [{ from, to }]
  const parts: PlannedPart[] = []
  for (const rollup of rollups) {
    const next: PlannedPart[] = []
    for (const gap of gaps) {
      const covered = coveredPart(gap, rollup, rollupsFrom)
      if (covered === undefined) next.push(gap)
      else {
        parts.push(covered)
        next.push(...restOf(gap, covered))
      }
    }
    gaps = next
  }
  return [...parts, ...gaps]
}

const WIDTHS = [DAY_MS, HOUR_MS, QUARTER_MS]

// The widest first.
function rollupsFor({ filter, groupBy, needsHistograms, grainMs = DAY_MS }: UsageQuery): readonly Rollup[] {
  if (needsCalls(filter)) return []
  const asked = [...filteredBy(filter), ...(groupBy === undefined ? [] : [groupBy])]
  // A call without an answer counts under a model by what was requested.
  const names = asked.includes('model') ? [...asked, 'requestedModel'] : asked
  // An index of calls finds a conversation faster than a rollup, which is ordered by time.
  if (filter.session !== undefined && filter.session !== null && groupBy !== 'session') return []
  // A rollup would count a call with two of these tags twice.
  if (filter.tag !== undefined && (!isOneValue(filter.tag) || groupBy === 'tag')) return []
  const able = ROLLUPS.filter((rollup) => {
    if (needsHistograms === true && !rollup.hasHistograms) return false
    const dimensions: readonly string[] = rollup.dimensions
    // A rollup by tag counts a call once for each of its tags.
    return dimensions.includes('tag') === names.includes('tag') && names.every((name) => dimensions.includes(name))
  })
  const widths = WIDTHS.filter((widthMs) => widthMs <= grainMs)
  return widths.flatMap((widthMs) => able.find((rollup) => rollup.widthMs === widthMs) ?? [])
}

function filteredBy(filter: ResolvedFilter): readonly string[] {
  return FILTER_NAMES.filter((name) => filter[name] !== undefined)
}

function isOneValue(value: FilterValue): boolean {
  return value === null || typeof value === 'string' || value.length === 1
}

function coveredPart(gap: PlannedPart, { widthMs, ...rest }: Rollup, rollupsFrom: number): PlannedPart | undefined {
  const first = gap.from === undefined ? rollupsFrom : Math.max(gap.from, rollupsFrom)
  const from = Math.ceil(first / widthMs) * widthMs
  const to = gap.to === undefined ? undefined : Math.floor(gap.to / widthMs) * widthMs
  if (to !== undefined && to <= from) return undefined
  return { rollup: { widthMs, ...rest }, from, to }
}

function restOf(gap: PlannedPart, covered: PlannedPart): PlannedPart[] {
  const rest: PlannedPart[] = []
  if (gap.from === undefined || gap.from < (covered.from ?? 0)) rest.push({ from: gap.from, to: covered.from })
  if (covered.to !== undefined && (gap.to === undefined || covered.to < gap.to)) {
    rest.push({ from: covered.to, to: gap.to })
  }
  return rest
}
