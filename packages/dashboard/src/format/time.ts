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

/** What a bucket is called: its day, or its time where a day has several. */
export function bucketLabel(start: number, end: number, tz: string): { readonly tick: string; readonly full: string } {
  const hours = (end - start) / 3_600_000
  if (hours < 20) {
    const time = formatter(tz, { hour: '2-digit', minute: '2-digit' }).format(start)
    const day = formatter(tz, { weekday: 'short', day: 'numeric', month: 'short' }).format(start)
    const until = formatter(tz, { hour: '2-digit', minute: '2-digit' }).format(end)
    return {
      tick: time === '00:00' ? formatter(tz, { day: 'numeric', month: 'short' }).format(start) : time,
      full: `${day}, ${time}–${until}`,
    }
  }
  const day = formatter(tz, { day: 'numeric', month: 'short' }).format(start)
  if (hours < 30)
    return {
      tick: day,
      full: formatter(tz, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }).format(start),
    }
  if (hours < 150 || (hours > 180 && hours < 600)) {
    const last = formatter(tz, { day: 'numeric', month: 'short' }).format(end - 1)
    return { tick: day, full: `${day} – ${last}` }
  }
  if (hours < 200) return { tick: day, full: `Week of ${day}` }
  return {
    tick: formatter(tz, { month: 'short', year: '2-digit' }).format(start),
    full: formatter(tz, { month: 'long', year: 'numeric' }).format(start),
  }
}

function formatter(tz: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-GB', { timeZone: tz, ...options })
}
