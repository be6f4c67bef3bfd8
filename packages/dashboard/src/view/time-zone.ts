const DAY_MS = 86_400_000

/** The zone that the browser is set to. */
export function browserTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** Whether the browser knows a zone of this name. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false // only an unknown name throws here
  }
}

/** The instant at which the day of a zone began that an instant is in. */
export function startOfDay(instant: number, tz: string): number {
  return toInstant(Math.floor(wallTime(instant, tz) / DAY_MS) * DAY_MS, tz)
}

/** The instant at which the clocks of a zone show a time, given as if it were UTC. */
export function toInstant(wall: number, tz: string): number {
  const guess = wall - (wallTime(wall, tz) - wall)
  return wall - (wallTime(guess, tz) - guess)
}

/** What the clocks of a zone show at an instant, as if that were UTC. */
export function wallTime(instant: number, tz: string): number {
  return createWallTime(tz)(instant)
}

/** The same for many instants of one zone. */
export function createWallTime(tz: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: tz,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  })
  return (instant) => {
    const parts = format.formatToParts(instant)
    const part = (name: string): number => Number(parts.find(({ type }) => type === name)?.value)
    const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'))
    return shown + (instant % 60_000)
  }
}
