import { createWallClock, DAY_MS, parseTimeText } from '@spanledger/core/time'

/** A span of time: `from` inclusive, `to` exclusive, epoch milliseconds. */
export interface TimeRange {
  readonly from: number | undefined
  readonly to: number
  /** The name of a range that moves with the clock; missing where both ends were chosen. */
  readonly preset: string | undefined
  readonly label: string
  /** What it is compared with: `the 7 days before`. */
  readonly before: string
}

interface Preset {
  readonly label: string
  readonly hours?: number
  readonly days?: number
}

/** Ranges that move with the clock. Those of days begin with a day, so that every bucket but the last is whole. */
export const PRESETS: Readonly<Record<string, Preset>> = {
  '1h': { label: 'Last hour', hours: 1 },
  '24h': { label: 'Last 24 hours', hours: 24 },
  today: { label: 'Today', days: 1 },
  '7d': { label: 'Last 7 days', days: 7 },
  '30d': { label: 'Last 30 days', days: 30 },
  '90d': { label: 'Last 90 days', days: 90 },
  all: { label: 'All time' },
}

const DEFAULT_PRESET = '7d'

const SAME_TIME_BEFORE = 'the same length of time before'

const HOUR_MS = 3_600_000

/** What a range depends on besides the URL. */
export interface RangeOptions {
  readonly tz: string
  readonly now: number
  /** When the first of all calls started; missing while it is not known. */
  readonly firstCallAt?: number | undefined
}

/**
 * Reads a range from the parameters of a page: `range=7d`, or `from` and `to` as the API takes them. Without any it is
 * the last 7 days, or the last hour or day if the first call is no older.
 */
export function readRange(parameters: URLSearchParams, { tz, now, firstCallAt }: RangeOptions): TimeRange {
  const timeOf = (name: 'from' | 'to'): number | undefined =>
    parseTimeText(parameters.get(name) ?? '', { edge: name === 'from' ? 'start' : 'end', timeZone: tz })
  const from = timeOf('from')
  if (from !== undefined) {
    const to = timeOf('to') ?? now
    return { from, to, preset: undefined, label: customLabel(from, to, tz), before: SAME_TIME_BEFORE }
  }
  const usual = usualPreset(now - (firstCallAt ?? 0))
  const name = parameters.get('range') ?? usual
  const preset = PRESETS[name] === undefined ? usual : name
  const { label, hours, days } = PRESETS[preset] ?? { label: preset }
  const start = hours !== undefined ? now - hours * HOUR_MS : days === undefined ? undefined : daysBefore(now, days, tz)
  return { from: start, to: now, preset, label, before: timeBefore(hours, days) }
}

// One bar at the edge of a week says less than the minutes of the first hour.
function usualPreset(ageMs: number): string {
  return ageMs < HOUR_MS ? '1h' : ageMs < DAY_MS ? '24h' : DEFAULT_PRESET
}

function timeBefore(hours: number | undefined, days: number | undefined): string {
  if (hours !== undefined) return hours === 1 ? 'the hour before' : `the ${hours} hours before`
  return days === undefined || days === 1 ? SAME_TIME_BEFORE : `the ${days} days before`
}

// The start of a period of `days` days that ends today.
function daysBefore(now: number, days: number, tz: string): number {
  const { wallTimeAt, instantOf } = createWallClock(tz)
  const today = Math.floor(wallTimeAt(now) / DAY_MS) * DAY_MS
  return instantOf(today - (days - 1) * DAY_MS)
}

function customLabel(from: number, to: number, tz: string): string {
  const short = to - from < 2 * DAY_MS
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: tz,
    day: 'numeric',
    month: 'short',
    ...(short ? { hour: '2-digit', minute: '2-digit' } : { year: 'numeric' }),
  })
  return format.formatRange(from, short ? to : to - 1)
}
