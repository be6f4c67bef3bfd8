import { UsageError } from './error.ts'

/** How a time on the command line is to be read. */
export interface TimeReading {
  /** The option it was given with, for the error. */
  readonly option: string
  /** A day without an hour begins at `start` and is over at `end`. */
  readonly edge: 'start' | 'end'
  readonly timeZone: string
  /** Epoch milliseconds. */
  readonly now: number
}

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const UNITS_MS: Readonly<Record<string, number>> = { m: MINUTE_MS, h: 60 * MINUTE_MS, d: DAY_MS, w: 7 * DAY_MS }
const LOCAL_TIME = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3})\d*)?)?)?(Z|[+-]\d\d:?\d\d)?$/i

/** Checks an IANA time zone and gives it back. */
export function parseTimeZone(timeZone: string): string {
  // Engines take offsets too, which have no summer time: their days are not the days of any place.
  if (!/^[+-]/.test(timeZone) && isTimeZone(timeZone)) return timeZone
  throw new UsageError(`Unknown time zone "${timeZone}"; use an IANA name such as Europe/Berlin or UTC`)
}

/** Reads `24h`, `7d`, `2026-11-01`, `2026-11-01T08:00` (in the time zone, unless it ends in `Z` or an offset) or epoch ms. */
export function parseTime(text: string, reading: TimeReading): number {
  const time = agoOf(text, reading.now) ?? epochMsOf(text) ?? calendarTimeOf(text, reading)
  if (time !== undefined) return time
  throw new UsageError(`${reading.option} "${text}" is no time; use 24h, 7d, 2026-11-01 or 2026-11-01T08:00`)
}

/** Writes times of a zone as `2026-11-01 08:00:00`. */
export function createTimeFormat(timeZone: string): (time: number) => string {
  const wallClock = createWallClock(timeZone)
  return (time) => new Date(wallClock(time)).toISOString().slice(0, 19).replace('T', ' ')
}

function isTimeZone(timeZone: string): boolean {
  try {
    return createWallClock(timeZone)(0) !== undefined
  } catch {
    return false // the only thing that can be wrong here is the name
  }
}

function agoOf(text: string, now: number): number | undefined {
  const [, amount, unit = ''] = /^(\d{1,6})([mhdw])$/.exec(text) ?? []
  const unitMs = UNITS_MS[unit]
  return amount === undefined || unitMs === undefined ? undefined : Math.max(0, now - Number(amount) * unitMs)
}

function epochMsOf(text: string): number | undefined {
  return /^\d{11,15}$/.test(text) ? Number(text) : undefined
}

function calendarTimeOf(text: string, { edge, timeZone }: TimeReading): number | undefined {
  const [, year, month, day, hour, minute = '0', second = '0', fraction = '', offset] = LOCAL_TIME.exec(text) ?? []
  const days = Date.UTC(Number(year), Number(month) - 1, Number(day))
  if (year === undefined || new Date(days).toISOString().slice(0, 10) !== text.slice(0, 10)) return undefined
  if (hour === undefined) {
    return offset === undefined ? instantOf(days + (edge === 'end' ? DAY_MS : 0), timeZone) : undefined
  }
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined
  const wall = days + Number(hour) * 60 * MINUTE_MS + Number(minute) * MINUTE_MS + Number(second) * 1000
  const exact = wall + Number(fraction.padEnd(3, '0'))
  return offset === undefined ? instantOf(exact, timeZone) : exact - offsetMs(offset)
}

function offsetMs(offset: string): number {
  if (/^z$/i.test(offset)) return 0
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2))
  return (offset.startsWith('-') ? -1 : 1) * minutes * MINUTE_MS
}

/**
 * The instant at which the clocks of a zone show a time, given as if it were UTC: the first of two when they are put
 * back, the moment of the change when they are put forward over it.
 */
function instantOf(wall: number, timeZone: string): number {
  const wallClock = createWallClock(timeZone)
  const offsetAround = (time: number) => wallClock(time) - Math.floor(time / 1000) * 1000
  const before = wall - offsetAround(wall - DAY_MS)
  const after = wall - offsetAround(wall + DAY_MS)
  const shown = [before, after].filter((time) => time + offsetAround(time) === wall)
  return Math.max(0, shown.length > 0 ? Math.min(...shown) : before)
}

/** Tells what the clocks of a zone show, as if it were UTC, to the second. */
function createWallClock(timeZone: string): (time: number) => number {
  const format = new Intl.DateTimeFormat('en-US-u-ca-iso8601-nu-latn', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  return (time) => {
    const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]))
    const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0
    return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
  }
}
