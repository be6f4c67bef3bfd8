import { type Histogram, pairsOf } from '../sums/histogram.ts'
import type { RollupRow } from './rollup-row.ts'
import { conflictColumnsOf } from './rollup-schema.ts'
import { HISTOGRAM_NAMES, keyColumnsOf, type Rollup, sumColumnsOf } from './rollups.ts'

// Enough that the writers of a busy database rarely meet, few enough that reading them costs little.
const SHARDS = 4

const NO_BINS: Histogram = new Map()

/** Adds one row to a rollup; takes its values. */
export function sqliteUpsert(rollup: Rollup): string {
  const columns = columnsOf(rollup)
  const values = columns.map((name) => (name === 'shard' ? '0' : '?')).join(', ')
  return `INSERT INTO ${rollup.table} (${columns.join(', ')}) VALUES (${values}) ${onConflict(rollup, 'sqlite')}`
}

/**
 * Adds any number of rows to a rollup; takes a list of each of their values. A connection has a shard, so that those
 * who count the same at once do not wait for each other to commit.
 */
export function postgresUpsert(rollup: Rollup): string {
  const columns = columnsOf(rollup)
  const given = columns.filter((name) => name !== 'shard')
  const { sums } = sumColumnsOf(rollup)
  const isSum = new Set<string>(sums)
  const lists = given.map((name, index) => {
    const type = name === 'bucket_start' ? 'bigint' : isSum.has(name) ? 'double precision' : 'text'
    return `$${index + 1}::${type}[]`
  })
  const selected = columns.map((name) => (name === 'shard' ? `pg_backend_pid() % ${SHARDS}` : `given.${name}`))
  return `
    INSERT INTO ${rollup.table} (${columns.join(', ')})
    SELECT ${selected.join(', ')} FROM unnest(${lists.join(', ')}) AS given (${given.join(', ')})
    ${onConflict(rollup, 'postgres')}`
}

/** The values of a row for `sqliteUpsert`. */
export function rollupValues({ bucketStart, keys, sums, histograms }: RollupRow): (string | number)[] {
  const values: (string | number)[] = [bucketStart]
  for (const key of keys) values.push(key)
  for (let index = 0; index < sums.length; index += 1) values.push(sums[index] ?? 0)
  if (histograms !== undefined) for (const name of HISTOGRAM_NAMES) values.push(pairsOf(histograms[name] ?? NO_BINS))
  return values
}

/** The lists of values of rows for `postgresUpsert`. */
export function rollupLists(rows: readonly RollupRow[]): (string | number)[][] {
  const values = rows.map(rollupValues)
  return (values[0] ?? []).map((_, index) => values.map((row) => row[index] ?? 0))
}

function columnsOf(rollup: Rollup): string[] {
  const { sums, histograms } = sumColumnsOf(rollup)
  return [...keyColumnsOf(rollup), ...sums, ...histograms]
}

function onConflict(rollup: Rollup, dialect: 'sqlite' | 'postgres'): string {
  const { sums, histograms } = sumColumnsOf(rollup)
  const added = sums.map((name) => `${name} = ${rollup.table}.${name} + excluded.${name}`)
  const joined = histograms.map((name) => {
    const kept = `${rollup.table}.${name}`
    return `${name} = CASE WHEN excluded.${name} = '' THEN ${kept} WHEN ${kept} = '' THEN excluded.${name}
      ELSE add_histograms(${kept}, excluded.${name}) END`
  })
  return `ON CONFLICT (${conflictColumnsOf(rollup, dialect).join(', ')}) DO UPDATE SET ${[...added, ...joined].join(', ')}`
}
