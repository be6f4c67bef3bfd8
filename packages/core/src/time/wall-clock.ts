import { DAY_MS } from './day.ts'

const SECOND_MS = 1000
/**
 * The clocks of a time zone. An instant is epoch milliseconds. A wall time is what the clocks show, written as the
 * instant at which UTC shows the same.
 */
export interface WallClock {
  /** What is added to an instant to get its wall time, milliseconds. */
  offsetAt(instant: number): number
  /** What the clocks show at an instant. */
  wallTimeAt(instant: number): number
  /**
   * The instant at which the clocks show a wall time, as Temporal's `compatible` chooses it. A wall time that they show
   * twice is the first of the two instants. For one that they skip, the offset before the change applies: 02:30 becomes
   * 03:30 where the clocks go from 02:00 to 03:00.
   */
  instantOf(wallTime: number): number
}

/** Makes the clocks of an IANA time zone. Making them takes far longer than asking them. Throws for an unknown zone. */
export function createWallClock(timeZone: string): WallClock {
  const format = createFormat(timeZone)
  const offsetAt = (instant: number): number => shownBy(format, instant) - toSecond(instant)
  return {
    offsetAt,
    wallTimeAt: (instant) => instant + offsetAt(instant),
    instantOf(wallTime) {
      // Offsets are below a day, so these two are the ones before and after a change that is near.
      const before = offsetAt(wallTime - DAY_MS)
      const after = offsetAt(wallTime + DAY_MS)
      // Of two instants that show it, the one with the larger offset is the first.
      const offsets = [Math.max(before, after), Math.min(before, after)]
      const shown = offsets.find((offset) => offsetAt(wallTime - offset) === offset)
      return wallTime - (shown ?? before)
    },
  }
}

/** Whether there is an IANA time zone of this name. A plain offset does not count, because it has no summer time. */
export function isTimeZone(name: string): boolean {
  if (/^[+-]/.test(name)) return false
  try {
    createFormat(name)
    return true
  } catch {
    return false // only an unknown name throws here
  }
}

function createFormat(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US-u-ca-iso8601-nu-latn', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch (cause) {
    throw new Error(`Unknown time zone "${timeZone}"; use an IANA name such as Europe/Berlin or UTC`, { cause })
  }
}

function shownBy(format: Intl.DateTimeFormat, instant: number): number {
  const fields: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {}
  for (const { type, value } of format.formatToParts(instant)) fields[type] = Number(value)
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = fields
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

function toSecond(instant: number): number {
  return Math.floor(instant / SECOND_MS) * SECOND_MS
}
