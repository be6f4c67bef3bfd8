import { UNKNOWN } from './numbers.ts'

/** `21 Nov 14:03:22`, in a zone. */
export function formatTime(time: number | null | undefined, tz: string): string {
  if (time === null || time === undefined) return UNKNOWN
  return formatter(tz, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' })
    .format(time)
    .replace(',', '')
}

/** `21 Nov 2026`. */
export function formatDay(time: number, tz: string): string {
  return formatter(tz, { day: 'numeric', month: 'short', year: 'numeric' }).format(time)
}

/** `Sat 21 Nov 2026, 14:03:22.512`. */
export function formatExactTime(time: number | null | undefined, tz: string): string {
  if (time === null || time === undefined) return UNKNOWN
  return formatter(tz, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
  }).format(time)
}

/** `12 s ago`. */
export function formatAgo(time: number | null | undefined, now: number): string {
  if (time === null || time === undefined) return 'never'
  const seconds = Math.max(0, Math.round((now - time) / 1000))
  if (seconds < 2) return 'just now'
  if (seconds < 90) return `${seconds} s ago`
  if (seconds < 5400) return `${Math.round(seconds / 60)} min ago`
  if (seconds < 129_600) return `${Math.round(seconds / 3600)} h ago`
  return `${Math.round(seconds / 86_400)} days ago`
}

/** A bucket's name, short for an axis and in full. */
export interface BucketLabel {
  readonly tick: string
  readonly full: string
}

/**
 * Names buckets of a zone: by day, or by time where a day has several. A format takes longer to make than to use, so
 * each is made once.
 */
export function createBucketLabel(tz: string): (start: number, end: number) => BucketLabel {
  const formats = new Map<string, Intl.DateTimeFormat>()
  const formatOf = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
    const key = JSON.stringify(options)
    const format = formats.get(key) ?? formatter(tz, options)
    formats.set(key, format)
    return format
  }
  return (start, end) => {
    const hours = (end - start) / 3_600_000
    if (hours < 20) {
      const time = formatOf({ hour: '2-digit', minute: '2-digit' }).format(start)
      const day = formatOf({ weekday: 'short', day: 'numeric', month: 'short' }).format(start)
      const until = formatOf({ hour: '2-digit', minute: '2-digit' }).format(end)
      return {
        tick: time === '00:00' ? formatOf({ day: 'numeric', month: 'short' }).format(start) : time,
        full: `${day}, ${time}–${until}`,
      }
    }
    const day = formatOf({ day: 'numeric', month: 'short' }).format(start)
    if (hours < 30)
      return {
        tick: day,
        full: formatOf({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }).format(start),
      }
    if (hours < 150 || (hours > 180 && hours < 600)) {
      const last = formatOf({ day: 'numeric', month: 'short' }).format(end - 1)
      return { tick: day, full: `${day} – ${last}` }
    }
    if (hours < 200) return { tick: day, full: `Week of ${day}` }
    return {
      tick: formatOf({ month: 'short', year: '2-digit' }).format(start),
      full: formatOf({ month: 'long', year: 'numeric' }).format(start),
    }
  }
}

function formatter(tz: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-GB', { timeZone: tz, ...options })
}
