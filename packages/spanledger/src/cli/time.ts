import {
  createWallClock,
  DAY_MS,
  isTimeZone,
  parseTimeText,
  TIME_FAULTS,
  type TimeReading,
} from '@spanledger/core/time'
import { UsageError } from './error.ts'

/** How to read a time on the command line. */
export interface OptionReading extends TimeReading {
  /** The name of the option, for the error. */
  readonly option: string
  /** Epoch milliseconds. */
  readonly now: number
}

const MINUTE_MS = 60_000
const UNITS_MS: Readonly<Record<string, number>> = { m: MINUTE_MS, h: 60 * MINUTE_MS, d: DAY_MS, w: 7 * DAY_MS }

/** Checks the IANA time zone of `--tz` and returns it. */
export function parseTimeZone(timeZone: string): string {
  if (isTimeZone(timeZone)) return timeZone
  throw new UsageError(`--tz "${timeZone}" ${TIME_FAULTS.timeZone}; use a name such as Europe/Berlin or UTC`)
}

/** Reads `24h`, `7d`, `2026-11-01`, `2026-11-01T08:00` (in the time zone, unless it ends in `Z` or an offset) or epoch ms. */
export function parseTime(text: string, reading: OptionReading): number {
  const time = agoOf(text, reading.now) ?? (isShortNumber(text) ? undefined : parseTimeText(text, reading))
  if (time !== undefined) return time
  throw new UsageError(`${reading.option} "${text}" ${TIME_FAULTS.time}; use 24h, 7d, 2026-11-01 or 2026-11-01T08:00`)
}

/** Formats times in a time zone as `2026-11-01 08:00:00`. */
export function createTimeFormat(timeZone: string): (time: number) => string {
  const { wallTimeAt } = createWallClock(timeZone)
  return (time) => new Date(wallTimeAt(time)).toISOString().slice(0, 19).replace('T', ' ')
}

function agoOf(text: string, now: number): number | undefined {
  const [, amount, unit = ''] = /^(\d{1,6})([mhdw])$/.exec(text) ?? []
  const unitMs = UNITS_MS[unit]
  return amount === undefined || unitMs === undefined ? undefined : Math.max(0, now - Number(amount) * unitMs)
}

// A number this short is more likely a day without dashes than an instant in 1970.
function isShortNumber(text: string): boolean {
  return /^\d{1,10}$/.test(text)
}
