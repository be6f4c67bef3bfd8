import { DAY_MS } from '@spanledger/core/time'
import { type Kysely, sql } from 'kysely'
import type { ToolFailure, ToolSeries, ToolStats, ToolTimeseries } from './tools.ts'
import type { FilterValue, ResolvedFilter } from '../calls/call-filter.ts'
import { createFilterGrid } from './filter-grid.ts'
import { percentilesOf } from '../sums/histogram.ts'
import { matchesFilter } from '../calls/matches-filter.ts'
import type { SqlFunctions } from '../sql/sql-functions.ts'
import type { UsageStore } from './usage-store.ts'
import type { Tables } from '../sql/tables.ts'
import { type TimeGrid, UTC_DAYS } from '../sums/time-buckets.ts'
import type { UsageAsker } from './usage-asker.ts'
import type { UsageSums } from '../sums/usage-sums.ts'
import { averageMsOf } from '../sums/usage-totals.ts'

const SERIES = 8
const FAILURES_PER_TOOL = 20
const MAX_FAILURES = 5000

interface FailureRow {
  readonly tool_name: string | null
  readonly error_message: string | null
  readonly error_type: string | null
  readonly started_at: number
  readonly id: string
  readonly calls: number
}

interface ToolQueriesOptions {
  readonly db: Kysely<Tables>
  readonly functions: SqlFunctions
  readonly asker: UsageAsker
  readonly now: () => number
}

/** Reads how tools performed. */
export function createToolQueries({
  db,
  functions,
  asker,
  now,
}: ToolQueriesOptions): Pick<UsageStore, 'toolStats' | 'toolReport'> {
  async function statsOf(filter: ResolvedFilter): Promise<ToolStats[]> {
    const sums = await asker.sums(filter, 'tool')
    const tools = [...sums].filter(([, { tool_calls: calls }]) => calls > 0)
    if (tools.length === 0) return []
    const succeeded = includes(filter.status, 'ok') ? await asker.sums({ ...filter, status: 'ok' }, 'tool') : new Map()
    const { toolDuration: durations } = await asker.histograms(filter, 'tool', ['toolDuration'])
    const lastDays = await lastDaysOf(filter)
    const stats: ToolStats[] = []
    for (const [tool, sums] of tools) {
      stats.push({
        tool,
        calls: sums.tool_calls,
        succeeded: (succeeded as ReadonlyMap<string | null, UsageSums>).get(tool)?.tool_calls ?? 0,
        failed: sums.tool_errors,
        averageDurationMs: averageMsOf(sums, 'tool_duration'),
        p95DurationMs: percentilesOf(durations.get(tool) ?? new Map())?.p95Ms ?? null,
        lastStartedAt: await lastStartOf(filter, tool, lastDays.get(tool)),
      })
    }
    return stats.sort((a, b) => b.calls - a.calls || ((a.tool ?? '') < (b.tool ?? '') ? -1 : 1))
  }

  // The last day comes from rollups, so that only its calls are read for the exact time.
  async function lastDaysOf(filter: ResolvedFilter): Promise<ReadonlyMap<string | null, number>> {
    const series = await asker.series(filter, 'tool', UTC_DAYS)
    return new Map(
      [...series].map(([tool, days]) => {
        const used = [...days].filter(([, { tool_calls: calls }]) => calls > 0).map(([day]) => day)
        return [tool, used.reduce((a, b) => Math.max(a, b), 0)]
      }),
    )
  }

  async function lastStartOf(filter: ResolvedFilter, tool: string | null, day = 0): Promise<number | null> {
    const from = Math.max(filter.from ?? 0, day)
    const to = Math.min(filter.to ?? day + DAY_MS, day + DAY_MS)
    const query = sql<{ started_at: number }>`
      select calls.started_at from calls
      where calls.kind = 'tool' and ${matchesFilter({ ...filter, tool, from, to }, functions)}
      order by calls.started_at desc limit 1`
    return (await query.execute(db)).rows[0]?.started_at ?? null
  }

  async function failuresOf(filter: ResolvedFilter): Promise<ReadonlyMap<string | null, readonly ToolFailure[]>> {
    const query = sql<FailureRow>`
      select tool_name, error_message, error_type, started_at, id, calls from (
        select calls.tool_name, calls.error_message, calls.error_type, calls.started_at,
          calls.trace_id || '-' || calls.span_id as id,
          count(*) over (partition by calls.tool_name, calls.error_message, calls.error_type) as calls,
          row_number() over (
            partition by calls.tool_name, calls.error_message, calls.error_type
            order by calls.started_at desc, calls.ingest_seq desc
          ) as place
        from calls where calls.kind = 'tool' and calls.status = 'error' and ${matchesFilter(filter, functions)}
      ) as failed where place = 1
      order by calls desc, started_at desc, id limit ${sql.lit(MAX_FAILURES)}`
    const byTool = Map.groupBy((await query.execute(db)).rows, (row) => row.tool_name)
    return new Map([...byTool].map(([tool, rows]) => [tool, rows.slice(0, FAILURES_PER_TOOL).map(toFailure)]))
  }

  async function overTime(filter: ResolvedFilter, grid: TimeGrid): Promise<ToolTimeseries> {
    const series = [...(await asker.series(filter, 'tool', grid))]
    const tools = series
      .map(([key, buckets]) => ({ key, points: pointsOf(grid, buckets, 'tool_calls') }))
      .filter(({ points }) => total(points) > 0)
      .sort((a, b) => total(b.points) - total(a.points) || ((a.key ?? '') < (b.key ?? '') ? -1 : 1))
    const failures = added(
      grid,
      series.map(([, buckets]) => pointsOf(grid, buckets, 'tool_errors')),
    )
    const calls: ToolSeries[] = tools.slice(0, SERIES)
    const others = tools.slice(SERIES).map(({ points }) => points)
    if (others.length > 0) calls.push({ key: null, isOther: true, points: added(grid, others) })
    return { bucket: grid.size, buckets: grid.buckets, calls, failures }
  }

  return {
    toolStats: async (filter) => statsOf(await asker.resolved(filter)),

    async toolReport(given, { bucket = 'auto' } = {}) {
      const filter = await asker.resolved(given)
      const grid = await createFilterGrid(asker, filter, { size: bucket, now: now() })
      const stats = await statsOf(filter)
      const hasFailures = stats.some(({ failed }) => failed > 0)
      const failures = hasFailures ? await failuresOf(filter) : new Map<string | null, readonly ToolFailure[]>()
      const tools = stats.map((tool) => ({ ...tool, failures: failures.get(tool.tool) ?? [] }))
      return { tools, overTime: await overTime({ ...filter, from: grid.from, to: grid.to }, grid) }
    },
  }
}

function includes(value: FilterValue | undefined, text: string): boolean {
  return value === undefined || value === text || (Array.isArray(value) && value.includes(text))
}

function pointsOf(
  grid: TimeGrid,
  buckets: ReadonlyMap<number, UsageSums>,
  name: 'tool_calls' | 'tool_errors',
): number[] {
  return grid.buckets.map((_, index) => buckets.get(index)?.[name] ?? 0)
}

function added(grid: TimeGrid, series: readonly (readonly number[])[]): number[] {
  return grid.buckets.map((_, index) => total(series.map((points) => points[index] ?? 0)))
}

function total(points: readonly number[]): number {
  return points.reduce((a, b) => a + b, 0)
}

function toFailure(row: FailureRow): ToolFailure {
  return {
    message: row.error_message,
    errorType: row.error_type,
    calls: row.calls,
    lastStartedAt: row.started_at,
    callId: row.id,
  }
}
