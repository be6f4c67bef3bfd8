import type { CallColumn } from '@spanledger/core'
import { FILTER_COLUMNS } from '../calls/call-filter.ts'
import { encodedOfRow } from '../calls/call-row.ts'
import { addPairs, type Histogram } from '../sums/histogram.ts'
import { createRollupCounter, type RollupChanges } from './rollup-changes.ts'
import { emptyRow, isEmptyRow, nameOfRow, type RollupRow } from './rollup-row.ts'
import { HISTOGRAM_NAMES, HISTOGRAMS, type Rollup, rollupColumn } from './rollups.ts'
import type { CallRow } from '../sql/tables.ts'
import { SUM_NAMES } from '../sums/usage-sums.ts'

/** The columns of calls from which rollups are computed. */
export const COUNTED_COLUMNS: readonly CallColumn[] = [
  ...Object.values(FILTER_COLUMNS),
  'billable',
  'tags',
  'started_at',
  'input_tokens',
  'output_tokens',
  'total_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'reasoning_tokens',
  'cost_nano_usd',
  'cost_flags',
  'duration_ms',
  'time_to_first_token_ms',
]

/** A row of a rollup as the database returns it. */
export type KeptRow = Readonly<Record<string, string | number>>

/** Adds up the calls of a day. */
export interface DayCount {
  /** Adds a row that has the `COUNTED_COLUMNS`. */
  add(row: CallRow): void
  rollups(): readonly RollupChanges[]
}

/** Creates the empty count of a day. */
export function createDayCount(): DayCount {
  const counter = createRollupCounter()
  return { add: (row) => counter.add(encodedOfRow(row), 1), rollups: () => counter.changes() }
}

/** The stored rows of a rollup, with the shards of each row added up. */
export function keptRowsOf(rollup: Rollup, kept: readonly KeptRow[]): RollupRow[] {
  const rows = new Map<string, RollupRow>()
  for (const row of kept) {
    const keys = rollup.dimensions.map((dimension) => String(row[rollupColumn(dimension)]))
    const bucketStart = Number(row['bucket_start'])
    const name = nameOfRow({ bucketStart, keys })
    const sum = rows.get(name) ?? emptyRow(bucketStart, keys, rollup.hasHistograms)
    rows.set(name, sum)
    for (const [index, column] of SUM_NAMES.entries()) sum.sums[index] = (sum.sums[index] ?? 0) + Number(row[column])
    if (sum.histograms === undefined) continue
    for (const histogram of HISTOGRAM_NAMES) {
      addPairs((sum.histograms[histogram] ??= new Map()), String(row[HISTOGRAMS[histogram].column]))
    }
  }
  return [...rows.values()].filter((row) => !isEmptyRow(row))
}

/** Whether two histograms are equal. */
export function isSameHistogram(a: Histogram, b: Histogram): boolean {
  return a.size === b.size && [...a].every(([bin, count]) => b.get(bin) === count)
}
