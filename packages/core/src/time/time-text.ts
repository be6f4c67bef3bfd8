import { DAY_MS } from './day.ts'
import { createWallClock } from './wall-clock.ts'

/** How a time in words is read. */
export interface TimeReading {
  /** Where the time is in a range: a day alone is its first moment at the `start`, and included at the `end`. */
  readonly edge: 'start' | 'end'
  /** IANA name of the zone whose clocks show a time without an offset. */
  readonly timeZone: string
}

const MINUTE_MS = 60_000
const LAST_TIME = 8_640_000_000_000_000
const EPOCH_MS = /^\d{1,16}$/
const ISO = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(Z|[+\- ]\d\d(?::?\d\d)?)?)?$/i

/**
 * Reads epoch milliseconds, a day (`2026-11-01`) or a time (`2026-11-01T08:00`, `2026-11-01T08:00:00.250+02:00`) as an
 * instant; undefined if the text is none of them. A time before 1970 is 0. A space before an offset stands for the `+`
 * that a query string makes a space of.
 */
export function parseTimeText(text: string, { edge, timeZone }: TimeReading): number | undefined {
  if (EPOCH_MS.test(text)) return Number(text) <= LAST_TIME ? Number(text) : undefined
  const [, day = '', hour, minute = '', second = '0', fraction = '', offset] = ISO.exec(text) ?? []
  const midnight = midnightOf(day)
  if (midnight === undefined) return undefined
  const instantOf = (wallTime: number): number => Math.max(0, createWallClock(timeZone).instantOf(wallTime))
  if (hour === undefined) return instantOf(edge === 'end' ? midnight + DAY_MS : midnight)
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second)
  const wallTime = midnight + seconds * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0'))
  if (offset === undefined) return instantOf(wallTime)
  const minutes = minutesOf(offset)
  return minutes === undefined ? undefined : Math.max(0, wallTime - minutes * MINUTE_MS)
}

// As if in UTC; nothing for a day that no month has.
function midnightOf(day: string): number | undefined {
  const midnight = Date.parse(`${day}T00:00Z`)
  return Number.isFinite(midnight) && new Date(midnight).toISOString().startsWith(day) ? midnight : undefined
}

function minutesOf(offset: string): number | undefined {
  if (/^z$/i.test(offset)) return 0
  const hours = Number(offset.slice(1, 3))
  const minutes = Number(offset.slice(3).replace(':', '') || '0')
  if (hours > 23 || minutes > 59) return undefined
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}
