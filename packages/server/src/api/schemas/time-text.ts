import { wallTimeToInstant } from '../wall-clock.ts'

const MAX_TIME = 8_640_000_000_000_000
const MINUTE_MS = 60_000
const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?(Z|[+\- ]\d\d(?::?\d\d)?)?$/i

/**
 * Reads ISO 8601 or epoch milliseconds; nothing if it is neither. A time without an offset is that of the zone's clocks,
 * a day without a time its start there. A `+` that a query string made a space of is read as `+`.
 */
export function parseTimeText(text: string, timeZone: string): number | undefined {
  if (/^\d{1,16}$/.test(text)) return Number(text) <= MAX_TIME ? Number(text) : undefined
  const [, year, month, day, hour, minute, second = '0', fraction = '', offset] = ISO.exec(text) ?? []
  const days = Date.UTC(Number(year), Number(month) - 1, Number(day))
  if (year === undefined || new Date(days).toISOString().slice(0, 10) !== text.slice(0, 10)) return undefined
  if (hour === undefined) return offset === undefined ? atLeastZero(wallTimeToInstant(days, timeZone)) : undefined
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'))
  const wall = days + (Number(hour) * 60 + Number(minute)) * MINUTE_MS + Number(second) * 1000 + milliseconds
  const minutes = offset === undefined ? undefined : offsetMinutes(offset)
  if (offset !== undefined && minutes === undefined) return undefined
  return atLeastZero(minutes === undefined ? wallTimeToInstant(wall, timeZone) : wall - minutes * MINUTE_MS)
}

function offsetMinutes(offset: string): number | undefined {
  if (/^z$/i.test(offset)) return 0
  const hours = Number(offset.slice(1, 3))
  const minutes = Number(offset.slice(3).replace(':', '') || '0')
  if (hours > 23 || minutes > 59) return undefined
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}

function atLeastZero(time: number): number | undefined {
  return time >= 0 ? time : undefined
}
