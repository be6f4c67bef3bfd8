import { type Histogram, pairsOf } from '../sums/histogram.ts'
import type { RollupRow } from './rollup-row.ts'
import { HISTOGRAM_NAMES, keyColumnsOf, type Rollup, sumColumnsOf } from './rollups.ts'

const NO_BINS: Histogram = new Map()

/** The columns of a rollup, in the order of the table. */
export function rollupColumnsOf(rollup: Rollup): string[] {
  const { sums, histograms } = sumColumnsOf(rollup)
  return [...keyColumnsOf(rollup), ...sums, ...histograms]
}

/** The clause of an INSERT that adds to an existing row; `key` is the primary key of the table. */
export function addOnConflict(rollup: Rollup, key: readonly string[]): string {
  const { sums, histograms } = sumColumnsOf(rollup)
  const added = sums.map((name) => `${name} = ${rollup.table}.${name} + excluded.${name}`)
  const joined = histograms.map((name) => {
    const kept = `${rollup.table}.${name}`
    return `${name} = CASE WHEN excluded.${name} = '' THEN ${kept} WHEN ${kept} = '' THEN excluded.${name}
      ELSE add_histograms(${kept}, excluded.${name}) END`
  })
  return `ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${[...added, ...joined].join(', ')}`
}

/** The values of a row in the order of `rollupColumnsOf`, without the shard. */
export function rollupValues({ bucketStart, keys, sums, histograms }: RollupRow): (string | number)[] {
  const values: (string | number)[] = [bucketStart]
  for (const key of keys) values.push(key)
  for (let index = 0; index < sums.length; index += 1) values.push(sums[index] ?? 0)
  if (histograms !== undefined) for (const name of HISTOGRAM_NAMES) values.push(pairsOf(histograms[name] ?? NO_BINS))
  return values
}
