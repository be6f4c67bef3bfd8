import { addToBin, type Histogram } from '../sums/histogram.ts'
import { HISTOGRAM_NAMES, type HistogramName } from './rollups.ts'
import { SUM_NAMES } from '../sums/usage-sums.ts'

/** A row of a rollup, or a change to one. */
export interface RollupRow {
  readonly bucketStart: number
  /** In the order of the rollup's dimensions. */
  readonly keys: readonly string[]
  /** In the order of `SUM_NAMES`. */
  readonly sums: Float64Array
  /** Histograms without a duration are missing; undefined if the rollup has none. */
  readonly histograms: Partial<Record<HistogramName, Histogram>> | undefined
}

/** A row whose sums are 0. */
export function emptyRow(bucketStart: number, keys: readonly string[], hasHistograms: boolean): RollupRow {
  return { bucketStart, keys, sums: new Float64Array(SUM_NAMES.length), histograms: hasHistograms ? {} : undefined }
}

/** A name that is unique among the rows of a rollup. */
export function nameOfRow({ bucketStart, keys }: Pick<RollupRow, 'bucketStart' | 'keys'>): string {
  return `${bucketStart}\0${keys.join('\0')}`
}

/** Adds to a bin if the row has histograms. */
export function addBin(
  { histograms }: RollupRow,
  name: HistogramName,
  { bin, count }: { readonly bin: number; readonly count: number },
): void {
  if (histograms === undefined) return
  addToBin((histograms[name] ??= new Map()), bin, count)
}

/** Adds a row to `sum`. */
export function addRow(sum: RollupRow, row: RollupRow): void {
  for (let index = 0; index < row.sums.length; index += 1) {
    sum.sums[index] = (sum.sums[index] ?? 0) + (row.sums[index] ?? 0)
  }
  if (sum.histograms === undefined || row.histograms === undefined) return
  for (const name of HISTOGRAM_NAMES) {
    for (const [bin, count] of row.histograms[name] ?? []) addBin(sum, name, { bin, count })
  }
}

/** Whether a row counts no calls, or a change has no effect. */
export function isEmptyRow({ sums, histograms }: RollupRow): boolean {
  if (sums.some((sum) => sum !== 0)) return false
  return histograms === undefined || HISTOGRAM_NAMES.every((name) => (histograms[name]?.size ?? 0) === 0)
}

/** Rows of a rollup in the order in which every writer locks them. */
export function inLockOrder(rows: readonly RollupRow[]): RollupRow[] {
  return [...rows].sort((a, b) => a.bucketStart - b.bucketStart || compareKeys(a.keys, b.keys))
}

function compareKeys(a: readonly string[], b: readonly string[]): number {
  for (const [index, key] of a.entries()) {
    const other = b[index] ?? ''
    if (key !== other) return key < other ? -1 : 1
  }
  return 0
}
