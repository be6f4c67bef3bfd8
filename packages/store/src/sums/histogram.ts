import { type RawBuilder, sql } from 'kysely'
import type { SqlFunctions } from '../sql/sql-functions.ts'

// Similar durations share a bin: 32 bins from each power of two to the next, in sixteenths of a millisecond. All
// arithmetic uses whole numbers, so that this code and every database put a duration into the same bin.
const UNITS_PER_MS = 16
const BINS_PER_OCTAVE = 32
const FIRST_OCTAVE = 2 * BINS_PER_OCTAVE // below it each unit is a bin of its own
const OCTAVES = 40

/** Longer durations (about 30 years) count as this, so that nothing overflows. */
export const MAX_DURATION_MS = 1e12

/**
 * Percentiles of the duration of calls. Computed from a histogram, so within 1.6 percent of the exact value (below 2 ms:
 * within 0.04 ms), however many calls there are.
 */
export interface Percentiles {
  readonly p50Ms: number
  readonly p90Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
}

/** The number of durations in each bin. */
export type Histogram = Map<number, number>

/** The bin of a duration. */
export function binOf(durationMs: number): number {
  let units = Math.floor(Math.min(durationMs, MAX_DURATION_MS) * UNITS_PER_MS)
  let octave = 0
  while (units >= FIRST_OCTAVE) {
    units = Math.floor(units / 2)
    octave += 1
  }
  return octave * BINS_PER_OCTAVE + units
}

/** `binOf` in SQL; NULL for NULL. */
export function binInSql(column: RawBuilder<unknown>, functions: SqlFunctions): RawBuilder<number> {
  const units = functions.floor(sql`${column} * ${sql.lit(UNITS_PER_MS)}`)
  // A binary search, because it runs for every call that is read.
  const binFrom = (first: number, last: number): RawBuilder<number> => {
    if (first === last) {
      return first === 0 ? units : sql`${sql.lit(first * BINS_PER_OCTAVE)} + (${units} >> ${sql.lit(first)})`
    }
    const middle = Math.floor((first + last) / 2)
    const end = sql.lit((FIRST_OCTAVE * 2 ** middle) / UNITS_PER_MS)
    return sql`case when ${column} < ${end} then ${binFrom(first, middle)} else ${binFrom(middle + 1, last)} end`
  }
  const bins = sql`when ${column} < ${sql.lit(MAX_DURATION_MS)} then ${binFrom(0, OCTAVES)}`
  return sql<number>`case when ${column} is null then null ${bins} else ${sql.lit(binOf(MAX_DURATION_MS))} end`
}

/** A duration in SQL, at most `MAX_DURATION_MS`. */
export function cappedMs(column: RawBuilder<unknown>): RawBuilder<number> {
  const max = sql.lit(MAX_DURATION_MS)
  return sql<number>`case when ${column} > ${max} then ${max} else ${column} end`
}

/** Adds to a bin, and removes it if it becomes 0. */
export function addToBin(histogram: Histogram, bin: number, count: number): void {
  const next = (histogram.get(bin) ?? 0) + count
  if (next === 0) histogram.delete(bin)
  else histogram.set(bin, next)
}

/** Adds a text of `bin:count` pairs. */
export function addPairs(histogram: Histogram, pairs: string): void {
  for (const pair of pairs.split(' ')) {
    const colon = pair.indexOf(':')
    if (colon > 0) addToBin(histogram, Number(pair.slice(0, colon)), Number(pair.slice(colon + 1)))
  }
}

/** The histogram as stored: `312:4 318:1`, in the order of the bins. */
export function pairsOf(histogram: Histogram): string {
  if (histogram.size === 0) return ''
  if (histogram.size === 1) for (const [bin, count] of histogram) return `${bin}:${count}`
  const pairs = [...histogram].sort(([a], [b]) => a - b)
  return pairs.map(([bin, count]) => `${bin}:${count}`).join(' ')
}

/** The sum of two such texts. Runs in every write: the first text is long, and most of it is copied unchanged. */
export function addedPairs(a: string, b: string): string {
  if (a === '' || b === '') return a + b
  const pairs = `${a} `
  let sum = ''
  let kept = 0 // the first text is in the sum up to here
  let at = 0
  for (const pair of b.split(' ')) {
    const bin = binOfPair(pair, 0)
    while (at < pairs.length && binOfPair(pairs, at) < bin) at = pairs.indexOf(' ', at) + 1
    sum += pairs.slice(kept, at)
    kept = at
    let count = countOfPair(pair, 0)
    if (at < pairs.length && binOfPair(pairs, at) === bin) {
      count += countOfPair(pairs, at)
      kept = at = pairs.indexOf(' ', at) + 1
    }
    if (count !== 0) sum += `${bin}:${count} `
  }
  return (sum + pairs.slice(kept)).trimEnd()
}

function binOfPair(pairs: string, at: number): number {
  return Number.parseInt(pairs.slice(at, pairs.indexOf(':', at)), 10)
}

function countOfPair(pairs: string, at: number): number {
  const end = pairs.indexOf(' ', at)
  return Number.parseInt(pairs.slice(pairs.indexOf(':', at) + 1, end === -1 ? undefined : end), 10)
}

/** The percentiles of a histogram; NULL if it is empty. */
export function percentilesOf(histogram: Histogram): Percentiles | null {
  const bins = [...histogram].sort(([a], [b]) => a - b)
  const count = bins.reduce((sum, [, count]) => sum + count, 0)
  if (count === 0) return null
  const at = (percent: number): number => msOf(binAt(bins, Math.ceil((percent * count) / 100)))
  return { p50Ms: at(50), p90Ms: at(90), p95Ms: at(95), p99Ms: at(99) }
}

function binAt(bins: readonly (readonly [number, number])[], rank: number): number {
  let seen = 0
  for (const [bin, count] of bins) {
    seen += count
    if (seen >= rank) return bin
  }
  return bins.at(-1)?.[0] ?? 0
}

// The middle of a bin, so the error is at most half its width: 1/64.
function msOf(bin: number): number {
  const octave = Math.max(0, Math.floor(bin / BINS_PER_OCTAVE) - 1)
  const units = (bin - octave * BINS_PER_OCTAVE + 0.5) * 2 ** octave
  return units / UNITS_PER_MS
}
