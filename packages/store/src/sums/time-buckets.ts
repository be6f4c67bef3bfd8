import { DAY_MS } from '@spanledger/core/time'
import { type RawBuilder, sql } from 'kysely'
import { BUCKET_SIZES, type BucketSize, type TimeBucket } from './time-bucket.ts'
import { QueryError } from '../query-error.ts'
import { type OffsetSpan, offsetSpansOf, QUARTER_MS } from './zone-offsets.ts'

const HOUR_MS = 3_600_000
const AUTO_BUCKETS = 200
const MAX_BUCKETS = 2000
const FAR_FUTURE = Date.UTC(2100)

// Local times are shifted by this, a whole number of weeks, because division rounds negative times up.
const SHIFT_MS = 52 * 7 * DAY_MS

/** Finds the bucket of a time, in SQL and in code. */
export interface TimeSlots<Name> {
  /** A number that times (epoch milliseconds) of different buckets never share; a bucket may have several. */
  readonly slotOf: (time: RawBuilder<number>) => RawBuilder<number>
  /** Every bucket starts and ends at a multiple of this: a UTC day, an hour or 15 minutes, in milliseconds. */
  readonly grainMs: number
  bucketOf(time: number): Name
}

/** A range of time cut into buckets, named by their index. */
export interface TimeGrid extends TimeSlots<number> {
  /** The requested range. */
  readonly from: number
  readonly to: number
  readonly size: BucketSize
  readonly buckets: readonly TimeBucket[]
}

/** UTC days, named by their start. */
export const UTC_DAYS: TimeSlots<number> = {
  slotOf: (time) => sql`${time} / ${sql.lit(DAY_MS)}`,
  grainMs: DAY_MS,
  bucketOf: (time) => Math.floor(time / DAY_MS) * DAY_MS,
}

/** The requested range, in epoch milliseconds, and how to cut it; `tz` is an IANA name. */
export interface GridOptions {
  readonly from: number
  readonly to: number
  readonly tz: string
  readonly size: BucketSize | 'auto'
}

/** Cuts a range into buckets of local time. Throws a `QueryError` for an unknown size, and for more than 2,000 buckets. */
export function createTimeGrid({ from, to, tz, size }: GridOptions): TimeGrid {
  const chosen = size === 'auto' ? autoSize(to - from) : size
  if (!BUCKET_SIZES.includes(chosen)) {
    throw new QueryError(`Unknown bucket ${JSON.stringify(size)}`, {
      code: 'unknown_value',
      field: 'bucket',
      hint: `use ${BUCKET_SIZES.join(', ')} or auto`,
    })
  }
  if ((to - from) / leastMsOf(chosen) > MAX_BUCKETS) {
    throw new QueryError(`This range has more than ${MAX_BUCKETS} buckets of ${chosen}`, {
      code: 'too_many_buckets',
      field: 'bucket',
      hint: 'use wider ones, auto or a shorter range',
    })
  }
  const spans = offsetSpansOf(tz, from - 32 * DAY_MS, to + 32 * DAY_MS)
  const edges = edgesOf(from, to, { size: chosen, spans })
  const buckets = edges.slice(0, -1).map((start, index): TimeBucket => {
    const end = edges[index + 1] ?? to
    return { start, end, isPartial: start < from || end > to }
  })
  return {
    from,
    to,
    size: chosen,
    buckets,
    slotOf: (time) => slotInSql(time, chosen, spans),
    grainMs: grainOf(edges),
    bucketOf: (time) => indexOfEdge(edges, time),
  }
}

/** The days of a zone, named like `2026-03-29`, for a range of any length. */
export function createDaySlots({ from, to, tz }: Omit<GridOptions, 'size'>): TimeSlots<string> {
  // Later offsets are unknown, and a hostile time would make this loop almost endless.
  const spans = offsetSpansOf(tz, Math.min(from, FAR_FUTURE), Math.min(to, FAR_FUTURE))
  return {
    slotOf: (time) => slotInSql(time, '1d', spans),
    grainMs: grainOf(spans.map(({ offsetMs }) => offsetMs)),
    bucketOf: (time) => new Date(time + offsetAt(spans, time)).toISOString().slice(0, 10),
  }
}

// Leaves 2 buckets for partial ones at both ends, and for days of 23 hours.
function autoSize(rangeMs: number): BucketSize {
  return BUCKET_SIZES.find((size) => rangeMs / leastMsOf(size) <= AUTO_BUCKETS - 2) ?? '1mo'
}

function leastMsOf(size: BucketSize): number {
  const sizes = { '15m': QUARTER_MS, '1h': HOUR_MS, '6h': 6 * HOUR_MS, '1d': DAY_MS, '1w': 7 * DAY_MS }
  return size === '1mo' ? 28 * DAY_MS : sizes[size]
}

interface Cut {
  readonly size: BucketSize
  readonly spans: readonly OffsetSpan[]
}

// From the last edge not after `from` to the first one not before `to`.
function edgesOf(from: number, to: number, cut: Cut): number[] {
  const edges = [startOf(from, cut)]
  let last = edges[0] ?? from
  while (last < to || edges.length === 1) {
    last = endOf(last, cut)
    edges.push(last)
  }
  return edges
}

function startOf(time: number, { size, spans }: Cut): number {
  const quarter = Math.floor(time / QUARTER_MS) * QUARTER_MS
  const offsetMs = offsetAt(spans, quarter)
  const start = floorLocal(quarter + offsetMs, size) - offsetMs
  if (offsetAt(spans, start) === offsetMs) return start
  // The offset changed in this bucket, so it starts at the first quarter with the same name.
  const name = nameOf(quarter, { size, spans })
  let first = quarter
  while (nameOf(first - QUARTER_MS, { size, spans }) === name) first -= QUARTER_MS
  return first
}

function endOf(start: number, { size, spans }: Cut): number {
  const offsetMs = offsetAt(spans, start)
  const end = nextLocal(start + offsetMs, size) - offsetMs
  if (offsetAt(spans, end) === offsetMs) return end
  const name = nameOf(start, { size, spans })
  // Offsets change by less than two days, so the bucket cannot end earlier than that.
  let first = Math.max(start, end - 2 * DAY_MS)
  while (nameOf(first, { size, spans }) === name) first += QUARTER_MS
  return first
}

// Times have the same name if and only if they share a bucket. An hour that the clocks repeat is two buckets.
function nameOf(time: number, { size, spans }: Cut): string {
  const offsetMs = offsetAt(spans, time)
  const local = floorLocal(time + offsetMs, size)
  return isOfOneOffset(size) ? `${local} ${offsetMs}` : `${local}`
}

function isOfOneOffset(size: BucketSize): boolean {
  return size === '15m' || size === '1h'
}

function floorLocal(local: number, size: BucketSize): number {
  if (size === '1mo') {
    const date = new Date(local)
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth())
  }
  // 1970-01-01 was a Thursday.
  const shift = size === '1w' ? 3 * DAY_MS : 0
  const width = leastMsOf(size)
  return Math.floor((local + shift) / width) * width - shift
}

function nextLocal(local: number, size: BucketSize): number {
  const start = floorLocal(local, size)
  if (size !== '1mo') return start + leastMsOf(size)
  const date = new Date(start)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1)
}

function offsetAt(spans: readonly OffsetSpan[], time: number): number {
  const span = spans.findLast((span) => span.from <= time) ?? spans[0]
  return span?.offsetMs ?? 0
}

function grainOf(times: readonly number[]): number {
  return [DAY_MS, HOUR_MS].find((width) => times.every((time) => time % width === 0)) ?? QUARTER_MS
}

// The days of a week or month are combined later.
function slotInSql(time: RawBuilder<number>, size: BucketSize, spans: readonly OffsetSpan[]): RawBuilder<number> {
  const width = sql.lit(size === '1w' || size === '1mo' ? DAY_MS : leastMsOf(size))
  const slots = spans.map(({ offsetMs }, index) => {
    const local = sql<number>`(${time} + ${sql.lit(offsetMs + SHIFT_MS)}) / ${width}`
    // Negative after a change of the clocks, so that a repeated hour gets other slots.
    return isOfOneOffset(size) && index % 2 === 1 ? sql<number>`-(${local})` : local
  })
  const [only] = slots
  if (slots.length === 1 && only !== undefined) return only
  const cases = slots.slice(0, -1).map((slot, index) => {
    return sql`when ${time} < ${sql.lit(spans[index + 1]?.from ?? 0)} then ${slot}`
  })
  return sql<number>`case ${sql.join(cases, sql` `)} else ${slots.at(-1) ?? time} end`
}

function indexOfEdge(edges: readonly number[], time: number): number {
  let low = 0
  let high = edges.length - 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((edges[middle] ?? 0) <= time) low = middle
    else high = middle
  }
  return low
}
