const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** A change of the clocks of a zone. */
export interface ClockChange {
  /** The first instant at which the new offset applies, epoch milliseconds. */
  readonly at: number
  readonly offsetBefore: number
  readonly offsetAfter: number
}

/** Reads the clocks of a zone at an instant, as if they showed UTC. */
export function createClockReading(timeZone: string): (instant: number) => number {
  // Swedes write times as ISO 8601 does.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
  return (instant) => Date.parse(`${format.format(instant).replace(' ', 'T')}Z`) + (instant % 1000)
}

/** Every change of the clocks of a zone in some years, found by reading them every six hours. */
export function changesOf(timeZone: string, from: number, to: number): readonly ClockChange[] {
  const read = createClockReading(timeZone)
  const offsetAt = (instant: number): number => read(instant) - instant
  const changes: ClockChange[] = []
  for (let time = from; time < to; time += 6 * HOUR) {
    const [offsetBefore, offsetAfter] = [offsetAt(time), offsetAt(time + 6 * HOUR)]
    if (offsetBefore === offsetAfter) continue
    let at = time
    while (offsetAt(at) === offsetBefore) at += MINUTE
    changes.push({ at, offsetBefore, offsetAfter })
  }
  return changes
}

/** The wall times that the clocks may show around a change, each with every instant at which they do; none in a gap. */
export function wallTimesAround(
  timeZone: string,
  { at, offsetBefore, offsetAfter }: ClockChange,
): ReadonlyMap<number, readonly number[]> {
  const read = createClockReading(timeZone)
  const reach = Math.abs(offsetAfter - offsetBefore) + HOUR
  const shown = new Map<number, number[]>()
  for (let instant = at - reach; instant < at + reach; instant += MINUTE) {
    const wallTime = read(instant)
    shown.set(wallTime, [...(shown.get(wallTime) ?? []), instant])
  }
  const all = new Map<number, readonly number[]>()
  // The first and the last hour are left out: instants beyond the search may show the same.
  const first = at - reach + Math.max(offsetBefore, offsetAfter)
  const last = at + reach + Math.min(offsetBefore, offsetAfter)
  for (let wallTime = first; wallTime < last; wallTime += MINUTE) all.set(wallTime, shown.get(wallTime) ?? [])
  return all
}
