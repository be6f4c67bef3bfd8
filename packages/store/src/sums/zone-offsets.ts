import { createWallClock, DAY_MS, type WallClock } from '@spanledger/core/time'
import { QueryError } from '../query-error.ts'

/** A quarter of an hour: time zone offsets are multiples of it, so every local hour and day is a whole number of these. */
export const QUARTER_MS = 900_000

const MINUTE_MS = 60_000

/** A span of time in which a time zone has the same offset from UTC. */
export interface OffsetSpan {
  /** The first time, epoch milliseconds. */
  readonly from: number
  /** Added to epoch milliseconds it makes the local time, as if that were UTC. */
  readonly offsetMs: number
}

/** The offsets of a zone between two times, in order of time. Throws a `QueryError` for an unknown zone. */
export function offsetSpansOf(timeZone: string, from: number, to: number): readonly OffsetSpan[] {
  const offsetAt = createOffsetAt(timeZone)
  let time = Math.floor(from / QUARTER_MS) * QUARTER_MS
  let offsetMs = offsetAt(time)
  const spans: OffsetSpan[] = [{ from: time, offsetMs }]
  // No zone changes its offset twice within a day.
  for (; time < to; time += DAY_MS) {
    const before = offsetMs
    offsetMs = offsetAt(time + DAY_MS)
    if (offsetMs === before) continue
    spans.push({ from: firstQuarterAfter(time, (quarter) => offsetAt(quarter) !== before), offsetMs })
  }
  return spans
}

// `holds` is false at `time` and true a day later.
function firstQuarterAfter(time: number, holds: (time: number) => boolean): number {
  let low = 0
  let high = DAY_MS / QUARTER_MS
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (holds(time + middle * QUARTER_MS)) high = middle
    else low = middle
  }
  return time + high * QUARTER_MS
}

// Whole minutes, because Liberia had an offset with seconds until 1972, which no bucket can start at.
function createOffsetAt(timeZone: string): (time: number) => number {
  const { offsetAt } = clockOf(timeZone)
  return (time) => Math.floor(offsetAt(time) / MINUTE_MS) * MINUTE_MS
}

function clockOf(timeZone: string): WallClock {
  try {
    return createWallClock(timeZone)
  } catch (cause) {
    const hint = 'use an IANA name such as Europe/Berlin or UTC'
    throw new QueryError(`Unknown time zone "${timeZone}"`, { code: 'unknown_value', field: 'tz', hint, cause })
  }
}
