import { CALL_COLUMN_NAMES } from '@spanledger/core'
import { FILTER_COLUMNS } from '../calls/call-filter.ts'
import { columnOf, type EncodedCall } from '../calls/call-row.ts'
import { binOf } from '../sums/histogram.ts'
import type { CallChange } from '../calls/plan-write.ts'
import {
  fromRollupKey,
  HISTOGRAM_NAMES,
  HISTOGRAMS,
  type HistogramName,
  type Rollup,
  type RollupDimension,
  ROLLUPS,
  toRollupKey,
} from './rollups.ts'
import { addBin, addRow, emptyRow, inOrder, isNothing, nameOfRow, type RollupRow } from './rollup-row.ts'
import { setSumsOfCall, SUM_NAMES } from '../sums/usage-sums.ts'
import { QUARTER_MS } from '../sums/zone-offsets.ts'

/** What the rows of a rollup change by, in the order of their keys, so that no two writers wait for each other. */
export interface RollupChanges {
  readonly rollup: Rollup
  readonly rows: readonly RollupRow[]
}

/** Counts calls for all rollups at once. */
export interface RollupCounter {
  /** Counts a call, or takes it away again. */
  add(call: EncodedCall, sign: 1 | -1): void
  changes(): readonly RollupChanges[]
}

/**
 * Makes a counter; nothing is counted yet. Low-cardinality dimensions share one pass; high-cardinality ones (user,
 * session, task) get their own.
 */
export function createRollupCounter(): RollupCounter {
  const byWhat = createSums(WHAT, QUARTER_MS)
  const byWhom = ROLLUPS.filter((rollup) => !isOfWhat(rollup)).map((rollup) => ({
    rollup,
    sums: createSums(rollup.dimensions, rollup.widthMs),
  }))
  const all = [byWhat, ...byWhom.map(({ sums }) => sums)]
  const ofCall = new Float64Array(SUM_NAMES.length)
  return {
    add(call, sign) {
      setSumsOfCall(ofCall, call)
      const bins = binsOfCall(call)
      for (const sums of all) {
        const row = sums.rowOf(call)
        for (let place = 0; place < ofCall.length; place += 1) {
          row.sums[place] = (row.sums[place] ?? 0) + sign * (ofCall[place] ?? 0)
        }
        for (const { name, bin } of bins) addBin(row, name, { bin, count: sign })
      }
    },
    changes() {
      const what = ROLLUPS.filter(isOfWhat).map((rollup) => ({ rollup, rows: rowsOf(rollup, byWhat.rows()) }))
      const whom = byWhom.map(({ rollup, sums }) => ({ rollup, rows: sums.rows() }))
      const changes = [...what, ...whom].map(({ rollup, rows }) => ({
        rollup,
        rows: inOrder(rows.filter((row) => !isNothing(row))),
      }))
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

const NO_BINS: readonly NamedBin[] = []
const NO_TAGS = [toRollupKey(null)]

// Whether a dimension says what a call is, which has few values, rather than whose it is.
const IS_WHAT: { readonly [Dimension in RollupDimension]: boolean } = {
  provider: true,
  model: true,
  operation: true,
  callType: true,
  project: true,
  service: true,
  environment: true,
  kind: true,
  status: true,
  tool: true,
  tag: true,
  user: false,
  session: false,
  company: false,
  task: false,
}

const WHAT = (Object.keys(IS_WHAT) as readonly RollupDimension[]).filter((dimension) => IS_WHAT[dimension]) // its keys

function isOfWhat({ dimensions }: Rollup): boolean {
  return dimensions.every((dimension) => IS_WHAT[dimension])
}

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
function rowsOf(rollup: Rollup, from: readonly RollupRow[]): readonly RollupRow[] {
  const places = rollup.dimensions.map((dimension) => WHAT.indexOf(dimension))
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

interface NamedBin {
  readonly name: HistogramName
  readonly bin: number
}

function binsOfCall(call: EncodedCall): readonly NamedBin[] {
  const isTool = columnOf(call, 'kind') === 'tool'
  const isBillable = columnOf(call, 'billable') === 1
  if (!isTool && !isBillable) return NO_BINS
  const bins: NamedBin[] = []
  for (const name of HISTOGRAM_NAMES) {
    const { callColumn, ofTools } = HISTOGRAMS[name]
    const durationMs = (ofTools ? isTool : isBillable) ? columnOf(call, callColumn) : null
    if (durationMs !== null) bins.push({ name, bin: binOf(durationMs) })
  }
  return bins
}

// Of the column, which holds a list of texts, as a key.
function tagsOf(key: string): readonly string[] {
  const json = fromRollupKey(key)
  if (json === null || json === '[]') return NO_TAGS
  return (JSON.parse(json) as readonly string[]).map(toRollupKey) // as said above
}
