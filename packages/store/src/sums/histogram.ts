import { type RawBuilder, sql } from 'kysely'
import type { SqlFunctions } from '../sql/sql-functions.ts'

// Durations that are alike share a bin: 32 bins from each power of two to the next, of sixteenths of a millisecond. All
// of it is whole numbers, so that this code and every database put a duration into the same bin.
const UNITS_A_MS = 16
const BINS_AN_OCTAVE = 32
const FIRST_OCTAVE = 2 * BINS_AN_OCTAVE // below it each unit is a bin of its own
const OCTAVES = 40

/** Durations above count as this, some thirty years; so nothing overflows. */
export const MAX_DURATION_MS = 1e12

/**
 * How long calls took: of 100 calls 50, 90, 95 or 99 took no longer. Told from counts of durations that are alike, so
 * within 1.6 percent of what sorting them would give (below 2 ms within 0.04 ms), however many calls there are.
 */
export interface Percentiles {
  readonly p50Ms: number
  readonly p90Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
}

/** How many durations are in each bin. */
export type Histogram = Map<number, number>

/** The bin of a duration. */
export function binOf(durationMs: number): number {
  let units = Math.floor(Math.min(durationMs, MAX_DURATION_MS) * UNITS_A_MS)
  let octave = 0
  while (units >= FIRST_OCTAVE) {
    units = Math.floor(units / 2)
    octave += 1
  }
  return octave * BINS_AN_OCTAVE + units
}

/** The same in SQL; NULL for NULL. */
export function binInSql(column: RawBuilder<unknown>, functions: SqlFunctions): RawBuilder<number> {
  const units = functions.floor(sql`${column} * ${sql.lit(UNITS_A_MS)}`)
  // Halves of the octaves first, because each call that is read goes through this.
  const binFrom = (first: number, last: number): RawBuilder<number> => {
    if (first === last) {
      return first === 0 ? units : sql`${sql.lit(first * BINS_AN_OCTAVE)} + (${units} >> ${sql.lit(first)})`
    }
    const middle = Math.floor((first + last) / 2)
    const end = sql.lit((FIRST_OCTAVE * 2 ** middle) / UNITS_A_MS)
    return sql`case when ${column} < ${end} then ${binFrom(first, middle)} else ${binFrom(middle + 1, last)} end`
  }
  const bins = sql`when ${column} < ${sql.lit(MAX_DURATION_MS)} then ${binFrom(0, OCTAVES)}`
  return sql<number>`case when ${column} is null then null ${bins} else ${sql.lit(binOf(MAX_DURATION_MS))} end`
}

/** A duration in SQL that is not above the highest. */
export function cappedMs(column: RawBuilder<unknown>): RawBuilder<number> {
  const max = sql.lit(MAX_DURATION_MS)
  return sql<number>`case when ${column} > ${max} then ${max} else ${column} end`
}

/** Adds to a bin; one that comes to nothing is no more. */
export function addToBin(histogram: Histogram, bin: number, count: number): void {
  const next = (histogram.get(bin) ?? 0) + count
  if (next === 0) histogram.delete(bin)
  else histogram.set(bin, next)
}

/** Adds what a text of `bin:count` pairs says. */
export function addPairs(histogram: Histogram, pairs: string): void {
  for (const pair of pairs.split(' ')) {
    const colon = pair.indexOf(':')
    if (colon > 0) addToBin(histogram, Number(pair.slice(0, colon)), Number(pair.slice(colon + 1)))
  }
}

/** The histogram as the database holds it: `312:4 318:1`, in the order of the bins. */
export function pairsOf(histogram: Histogram): string {
  if (histogram.size === 0) return ''
  if (histogram.size === 1) for (const [bin, count] of histogram) return `${bin}:${count}`
  const pairs = [...histogram].sort(([a], [b]) => a - b)
  return pairs.map(([bin, count]) => `${bin}:${count}`).join(' ')
}

/** Two such texts added up. On the path of every write: the first is long, and most of it stays as it is. */
export function addedPairs(a: string, b: string): string {
  if (a === '' || b === '') return a + b
  const pairs = `${a} `
  let sum = ''
  let kept = 0 // up to here the first text is in the sum
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

/** NULL without any duration. */
export function percentilesOf(histogram: Histogram): Percentiles | null {
  const bins = [...histogram].sort(([a], [b]) => a - b)
  const count = bins.reduce((sum, [, count]) => sum + count, 0)
  if (count === 0) return null
  const at = (percent: number): number => msOf(binAt(bins, Math.ceil((percent * count) / 100)))
  return { p50Ms: at(50), p90Ms: at(90), p95Ms: at(95), p99Ms: at(99) }
}

function binAt(bins: readonly (readonly [number, number])[], place: number): number {
  let seen = 0
  for (const [bin, count] of bins) {
    seen += count
    if (seen >= place) return bin
  }
  return bins.at(-1)?.[0] ?? 0
}

// The middle of a bin, so that it is wrong by half its width at most: 1 of 64.
function msOf(bin: number): number {
  const octave = Math.max(0, Math.floor(bin / BINS_AN_OCTAVE) - 1)
  const units = (bin - octave * BINS_AN_OCTAVE + 0.5) * 2 ** octave
  return units / UNITS_A_MS
}
