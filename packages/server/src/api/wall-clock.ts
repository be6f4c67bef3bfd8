const DAY_MS = 86_400_000

/**
 * The instant at which the clocks of a zone show a time, given as if it were UTC: the first of two where they are put
 * back, the moment of the change where they are put forward over it.
 */
export function wallTimeToInstant(wall: number, timeZone: string): number {
  const wallClock = createWallClock(timeZone)
  const offsetAt = (instant: number): number => wallClock(instant) - Math.floor(instant / 1000) * 1000
  const [before, after] = [offsetAt(wall - DAY_MS), offsetAt(wall + DAY_MS)]
  const shown = [wall - before, wall - after].filter((instant) => instant + offsetAt(instant) === wall)
  if (shown.length > 0) return Math.min(...shown)
  return changeBetween(wall - Math.max(before, after), wall - Math.min(before, after), offsetAt)
}

/** Whether there is such a zone. Offsets, which engines take too, have no summer time and are no zone. */
export function isTimeZone(timeZone: string): boolean {
  if (timeZone === '' || /^[+-]/.test(timeZone)) return false
  try {
    createWallClock(timeZone)
    return true
  } catch {
    return false // the only thing that can be wrong here is the name
  }
}

// What the clocks show at an instant, as if that were UTC, to the second.
function createWallClock(timeZone: string): (instant: number) => number {
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
  return (instant) => {
    const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]))
    const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0
    return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
  }
}

// The first instant of the new offset, which lies on a minute.
function changeBetween(from: number, to: number, offsetAt: (instant: number) => number): number {
  const newOffset = offsetAt(to)
  let low = from
  let high = to
  while (high - low > 1000) {
    const middle = low + Math.floor((high - low) / 2000) * 1000
    if (middle === low) break
    if (offsetAt(middle) === newOffset) high = middle
    else low = middle
  }
  return high
}
