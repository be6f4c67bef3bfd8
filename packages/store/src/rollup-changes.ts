import { FILTER_COLUMNS } from './call-filter.ts'
import { columnOf, type EncodedCall } from './call-row.ts'
import { addToBin, binOf, type Histogram } from './histogram.ts'
import type { CallChange } from './plan-write.ts'
import {
  DAY_MS,
  fromRollupKey,
  HISTOGRAM_NAMES,
  HISTOGRAMS,
  type HistogramName,
  type Rollup,
  type RollupDimension,
  ROLLUPS,
  toRollupKey,
} from './rollups.ts'
import { CALL_COLUMN_NAMES } from './tables.ts'
import { addSumsOfCall, SUM_NAMES } from './usage-sums.ts'
import { QUARTER_MS } from './zone-offsets.ts'

/** What the rows of a rollup change by, in the order of their keys, so that no two writers wait for each other. */
export interface RollupChanges {
  readonly rollup: Rollup
  readonly rows: readonly RollupRow[]
}

/** What one row changes by, or what it holds. */
export interface RollupRow {
  readonly bucketStart: number
  /** In the order of the rollup's dimensions. */
  readonly keys: readonly string[]
  /** In the order of `SUM_NAMES`. */
  readonly sums: Float64Array
  readonly histograms: Readonly<Record<HistogramName, Histogram>> | undefined
}

/** Counts calls for all rollups at once. */
export interface RollupCounter {
  /** Counts a call, or takes it away again. */
  add(call: EncodedCall, sign: 1 | -1): void
  changes(): readonly RollupChanges[]
}

/**
 * Makes it; nothing is counted yet. A call is counted twice only: by what it is and by whose it is. The many calls of a
 * list come to few rows there, of which all rollups are made.
 */
export function createRollupCounter(): RollupCounter {
  const byWhat = createSums(WHAT, QUARTER_MS)
  const byWhom = createSums(WHOM, DAY_MS)
  return {
    add(call, sign) {
      const what = byWhat.rowOf(call)
      const whom = byWhom.rowOf(call)
      addSumsOfCall(call, (place, value) => {
        what.sums[place] = (what.sums[place] ?? 0) + sign * value
        whom.sums[place] = (whom.sums[place] ?? 0) + sign * value
      })
      addBinsOfCall(call, (name, bin) => {
        if (what.histograms !== undefined) addToBin(what.histograms[name], bin, sign)
        if (whom.histograms !== undefined) addToBin(whom.histograms[name], bin, sign)
      })
    },
    changes() {
      const changes = ROLLUPS.map((rollup) => {
        const isOfWhat = rollup.dimensions.every((dimension) => WHAT.includes(dimension))
        const rows = isOfWhat ? rowsOf(rollup, byWhat.rows(), WHAT) : rowsOf(rollup, byWhom.rows(), WHOM)
        return { rollup, rows: inOrder(rows.filter((row) => !isNothing(row))) }
      })
      return changes.filter(({ rows }) => rows.length > 0)
    },
  }
}

/**
 * What rollups change by when calls change: what the new version adds less what the old one added. Pure. Calls that
 * started before `countedFrom` are left out, because retention may have taken the row that says that they are counted.
 */
export function rollupChangesOf(changes: readonly CallChange[], countedFrom: number): readonly RollupChanges[] {
  const counter = createRollupCounter()
  const add = (call: EncodedCall, sign: 1 | -1): void => {
    if (columnOf(call, 'started_at') >= countedFrom) counter.add(call, sign)
  }
  for (const { before, after } of changes) {
    if (before !== undefined) add(before, -1)
    add(after, 1)
  }
  return counter.changes()
}

const NO_TAGS = [toRollupKey(null)]

const WHAT: readonly RollupDimension[] = [
  'provider',
  'model',
  'operation',
  'callType',
  'project',
  'service',
  'environment',
  'kind',
  'status',
  'tool',
  'tag',
]
const WHOM: readonly RollupDimension[] = ['user', 'session', 'company', 'task']

interface Sums {
  rowOf(call: EncodedCall): RollupRow
  rows(): readonly RollupRow[]
}

/** What is known so far of the values of a row: those that come next, or the row at the end. */
interface Branch {
  readonly next: Map<unknown, Branch>
  row?: RollupRow
}

const STARTED_AT = CALL_COLUMN_NAMES.indexOf('started_at')

// Rows by the values of calls as they stand in the columns: all tags of a call are one value here. One value after the
// other, because to make a text of all would take longer than everything else.
function createSums(dimensions: readonly RollupDimension[], widthMs: number): Sums {
  const places = dimensions.map((dimension) => {
    return CALL_COLUMN_NAMES.indexOf(dimension === 'tag' ? 'tags' : FILTER_COLUMNS[dimension])
  })
  const root: Branch = { next: new Map() }
  const rows: RollupRow[] = []

  function newRow(bucketStart: number, { values }: EncodedCall): RollupRow {
    const keys = places.map((place) => toRollupKey(values[place] as string | null)) // all are texts
    const row = emptyRow(bucketStart, keys, true)
    rows.push(row)
    return row
  }

  return {
    rowOf(call) {
      const bucketStart = Math.floor(Number(call.values[STARTED_AT]) / widthMs) * widthMs
      let branch = branchOf(root, bucketStart)
      for (const place of places) branch = branchOf(branch, call.values[place])
      branch.row ??= newRow(bucketStart, call)
      return branch.row
    },
    rows: () => rows,
  }
}

function branchOf({ next }: Branch, value: unknown): Branch {
  const found = next.get(value)
  if (found !== undefined) return found
  const branch: Branch = { next: new Map() }
  next.set(value, branch)
  return branch
}

// The rows of one rollup.
function rowsOf(rollup: Rollup, from: readonly RollupRow[], dimensions: readonly RollupDimension[]): RollupRow[] {
  const places = rollup.dimensions.map((dimension) => dimensions.indexOf(dimension))
  const tagPlace = rollup.dimensions.indexOf('tag')
  const rows = new Map<string, RollupRow>()
  for (const row of from) {
    const bucketStart = Math.floor(row.bucketStart / rollup.widthMs) * rollup.widthMs
    const keys = places.map((place) => row.keys[place] ?? '')
    const tags = tagPlace === -1 ? NO_TAGS : tagsOf(keys[tagPlace] ?? '')
    for (const tag of tags) {
      const ownKeys = tagPlace === -1 ? keys : keys.with(tagPlace, tag)
      const name = nameOfRow({ bucketStart, keys: ownKeys })
      const sum = rows.get(name) ?? emptyRow(bucketStart, ownKeys, rollup.hasHistograms)
      rows.set(name, sum)
      addRow(sum, row)
    }
  }
  return [...rows.values()]
}

function inOrder(rows: readonly RollupRow[]): RollupRow[] {
  const named = rows.map((row): [string, RollupRow] => [nameOfRow(row), row])
  return named.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
}

function addRow(sum: RollupRow, row: RollupRow): void {
  for (let index = 0; index < row.sums.length; index += 1) {
    sum.sums[index] = (sum.sums[index] ?? 0) + (row.sums[index] ?? 0)
  }
  if (sum.histograms === undefined || row.histograms === undefined) return
  for (const name of HISTOGRAM_NAMES) {
    for (const [bin, count] of row.histograms[name]) addToBin(sum.histograms[name], bin, count)
  }
}

function emptyRow(bucketStart: number, keys: readonly string[], hasHistograms: boolean): RollupRow {
  const histograms = hasHistograms ? emptyHistograms() : undefined
  return { bucketStart, keys, sums: new Float64Array(SUM_NAMES.length), histograms }
}

/** Tells rows of a rollup apart. */
export function nameOfRow({ bucketStart, keys }: Pick<RollupRow, 'bucketStart' | 'keys'>): string {
  return `${bucketStart}\0${keys.join('\0')}`
}

/** Histograms without any duration. */
export function emptyHistograms(): Record<HistogramName, Histogram> {
  return { duration: new Map(), timeToFirstToken: new Map(), toolDuration: new Map() }
}

/** Whether a row has no call, or is changed by none. */
export function isNothing({ sums, histograms }: RollupRow): boolean {
  if (sums.some((sum) => sum !== 0)) return false
  return histograms === undefined || HISTOGRAM_NAMES.every((name) => histograms[name].size === 0)
}

function addBinsOfCall(call: EncodedCall, add: (name: HistogramName, bin: number) => void): void {
  const isTool = columnOf(call, 'kind') === 'tool'
  const isBillable = columnOf(call, 'billable') === 1
  if (!isTool && !isBillable) return
  for (const name of HISTOGRAM_NAMES) {
    const { callColumn, ofTools } = HISTOGRAMS[name]
    const durationMs = (ofTools ? isTool : isBillable) ? columnOf(call, callColumn) : null
    if (durationMs !== null) add(name, binOf(durationMs))
  }
}

// Of the column, which holds a list of texts, as a key.
function tagsOf(key: string): readonly string[] {
  const json = fromRollupKey(key)
  if (json === null || json === '[]') return NO_TAGS
  return (JSON.parse(json) as readonly string[]).map(toRollupKey) // as said above
}
