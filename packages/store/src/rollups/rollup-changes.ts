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
import { addBin, addRow, emptyRow, inLockOrder, isEmptyRow, nameOfRow, type RollupRow } from './rollup-row.ts'
import { setSumsOfCall, SUM_NAMES } from '../sums/usage-sums.ts'
import { QUARTER_MS } from '../sums/zone-offsets.ts'

/** The changes to the rows of a rollup, in the order of their keys, so that no two writers deadlock. */
export interface RollupChanges {
  readonly rollup: Rollup
  readonly rows: readonly RollupRow[]
}

/** Counts calls for all rollups at once. */
export interface RollupCounter {
  /** Adds a call, or subtracts it. */
  add(call: EncodedCall, sign: 1 | -1): void
  changes(): readonly RollupChanges[]
}

/**
 * Creates an empty counter. Low-cardinality dimensions share one pass; high-cardinality ones (user,
 * session, task) get their own.
 */
export function createRollupCounter(): RollupCounter {
  const lowCardinality = createSums(LOW_CARDINALITY, QUARTER_MS)
  const highCardinality = ROLLUPS.filter((rollup) => !isLowCardinality(rollup)).map((rollup) => ({
    rollup,
    sums: createSums(rollup.dimensions, rollup.widthMs),
  }))
  const all = [lowCardinality, ...highCardinality.map(({ sums }) => sums)]
  const ofCall = new Float64Array(SUM_NAMES.length)
  return {
    add(call, sign) {
      setSumsOfCall(ofCall, call)
      const bins = binsOfCall(call)
      for (const sums of all) {
        const row = sums.rowOf(call)
        for (let index = 0; index < ofCall.length; index += 1) {
          row.sums[index] = (row.sums[index] ?? 0) + sign * (ofCall[index] ?? 0)
        }
        for (const { name, bin } of bins) addBin(row, name, { bin, count: sign })
      }
    },
    changes() {
      const shared = ROLLUPS.filter(isLowCardinality).map((rollup) => ({
        rollup,
        rows: rowsOf(rollup, lowCardinality.rows()),
      }))
      const own = highCardinality.map(({ rollup, sums }) => ({ rollup, rows: sums.rows() }))
      const changes = [...shared, ...own].map(({ rollup, rows }) => ({
        rollup,
        rows: inLockOrder(rows.filter((row) => !isEmptyRow(row))),
      }))
      return changes.filter(({ rows }) => rows.length > 0)
    },
  }
}

/**
 * The changes to rollups when calls change: the new versions minus the old ones. Pure. Calls that started before
 * `countedFrom` are left out, because retention may have deleted the row that shows whether they were counted.
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

// High-cardinality dimensions have about as many values as there are users, conversations or tasks.
const IS_LOW_CARDINALITY: { readonly [Dimension in RollupDimension]: boolean } = {
  provider: true,
  model: true,
  requestedModel: true,
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

const LOW_CARDINALITY = (Object.keys(IS_LOW_CARDINALITY) as readonly RollupDimension[]) // its keys
  .filter((dimension) => IS_LOW_CARDINALITY[dimension])

function isLowCardinality({ dimensions }: Rollup): boolean {
  return dimensions.every((dimension) => IS_LOW_CARDINALITY[dimension])
}

interface Sums {
  rowOf(call: EncodedCall): RollupRow
  rows(): readonly RollupRow[]
}

/** A node of a tree of column values: the next values, and the row if this is a leaf. */
interface Branch {
  readonly next: Map<unknown, Branch>
  row?: RollupRow
}

const STARTED_AT = CALL_COLUMN_NAMES.indexOf('started_at')

// Finds rows by the raw column values of calls; all tags of a call are one value here. A tree, because building a text
// key from all values would take longer than everything else.
function createSums(dimensions: readonly RollupDimension[], widthMs: number): Sums {
  const indexes = dimensions.map((dimension) => {
    return CALL_COLUMN_NAMES.indexOf(dimension === 'tag' ? 'tags' : FILTER_COLUMNS[dimension])
  })
  const root: Branch = { next: new Map() }
  const rows: RollupRow[] = []

  function newRow(bucketStart: number, { values }: EncodedCall): RollupRow {
    const keys = indexes.map((index) => toRollupKey(values[index] as string | null)) // dimensions are text columns
    const row = emptyRow(bucketStart, keys, true)
    rows.push(row)
    return row
  }

  return {
    rowOf(call) {
      const bucketStart = Math.floor(Number(call.values[STARTED_AT]) / widthMs) * widthMs
      let branch = branchOf(root, bucketStart)
      for (const index of indexes) branch = branchOf(branch, call.values[index])
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

// The rows of one rollup, from rows by all low-cardinality dimensions.
function rowsOf(rollup: Rollup, from: readonly RollupRow[]): readonly RollupRow[] {
  const indexes = rollup.dimensions.map((dimension) => LOW_CARDINALITY.indexOf(dimension))
  const tagIndex = rollup.dimensions.indexOf('tag')
  const rows = new Map<string, RollupRow>()
  for (const row of from) {
    const bucketStart = Math.floor(row.bucketStart / rollup.widthMs) * rollup.widthMs
    const keys = indexes.map((index) => row.keys[index] ?? '')
    const tags = tagIndex === -1 ? NO_TAGS : tagsOf(keys[tagIndex] ?? '')
    for (const tag of tags) {
      const ownKeys = tagIndex === -1 ? keys : keys.with(tagIndex, tag)
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

// The keys of the tags in a key of the column `tags`, a JSON list of texts.
function tagsOf(key: string): readonly string[] {
  const json = fromRollupKey(key)
  if (json === null || json === '[]') return NO_TAGS
  return (JSON.parse(json) as readonly string[]).map(toRollupKey) // a list of texts
}
