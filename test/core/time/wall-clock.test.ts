import { createWallClock, isTimeZone } from '@spanledger/core/time'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { changesOf, createClockReading, wallTimesAround } from './clock-changes.ts'

const MINUTE = 60_000
// Ten years in which Samoa skipped a day, Venezuela moved by half an hour, and clocks changed at midnight and a minute after it.
const [FROM, TO] = [Date.UTC(2007, 0), Date.UTC(2017, 0)]
const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'America/Havana',
  'America/Caracas',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Antarctica/Troll',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
]

function instantOf(wallTime: string, timeZone: string): string {
  return new Date(createWallClock(timeZone).instantOf(Date.parse(`${wallTime}Z`))).toISOString()
}

test.each([
  ['2026-03-29T02:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
  ['2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
  ['2026-03-08T02:15', 'America/New_York', '2026-03-08T07:15:00.000Z'],
  ['2011-12-30T12:00', 'Pacific/Apia', '2011-12-30T22:00:00.000Z'],
  ['1970-01-01T00:00', 'Africa/Monrovia', '1970-01-01T00:44:30.000Z'],
  ['2026-11-01T08:15:30.250', 'Asia/Kathmandu', '2026-11-01T02:30:30.250Z'],
])('%s in %s is %s', (wallTime, timeZone, instant) => {
  expect(instantOf(wallTime, timeZone)).toBe(instant)
})

describe.each(ZONES)('the clocks of %s', (timeZone) => {
  const clock = createWallClock(timeZone)
  const read = createClockReading(timeZone)
  const changes = changesOf(timeZone, FROM, TO)
  const anyInstant = fc.oneof(
    fc.integer({ min: FROM, max: TO }),
    // Close to a change, where there are any.
    ...changes.map(({ at }) => fc.integer({ min: at - 3 * 60 * MINUTE, max: at + 3 * 60 * MINUTE })),
  )

  test('show at every instant what they show elsewhere', () => {
    fc.assert(
      fc.property(anyInstant, (instant) => {
        expect(clock.wallTimeAt(instant)).toBe(read(instant))
        expect(clock.offsetAt(instant)).toBe(read(instant) - instant)
      }),
    )
  })

  test('lead from an instant to what they show and back, or to the first instant at which they show it', () => {
    fc.assert(
      fc.property(anyInstant, (instant) => {
        const found = clock.instantOf(clock.wallTimeAt(instant))
        expect(found).toBeLessThanOrEqual(instant)
        expect(read(found)).toBe(read(instant))
        const isShownTwice = changes.some(
          ({ at, offsetBefore, offsetAfter }) => at <= instant && instant < at + offsetBefore - offsetAfter,
        )
        expect(found === instant).toBe(!isShownTwice)
      }),
    )
  })

  test('show a later time later', () => {
    fc.assert(
      fc.property(anyInstant, anyInstant, (one, other) => {
        const [earlier, later] = [read(one), read(other)].toSorted((a, b) => a - b) as [number, number]
        fc.pre(earlier < later)
        expect(clock.instantOf(earlier)).toBeLessThan(clock.instantOf(later))
      }),
    )
  })

  test('around each change, minute by minute: the first instant, or a gap later than they would have shown it', () => {
    for (const change of changes) {
      const { offsetBefore, offsetAfter } = change
      const around = [...wallTimesAround(timeZone, change)].map(([wallTime, [first]]) => {
        return { wallTime, first, found: clock.instantOf(wallTime) }
      })
      const shown = around.filter(({ first }) => first !== undefined)
      expect(shown.map(({ found }) => found)).toEqual(shown.map(({ first }) => first))
      const skipped = around.filter(({ first }) => first === undefined)
      const gap = Math.max(0, offsetAfter - offsetBefore)
      expect(skipped.map(({ wallTime, found }) => read(found) - wallTime)).toEqual(Array(gap / MINUTE).fill(gap))
    }
  })

  test('were changed in these years, so that the tests have something to find', () => {
    const counts: Record<string, number> = { 'Asia/Kathmandu': 0, 'America/Caracas': 2 }
    expect(changes.length).toBeGreaterThanOrEqual(counts[timeZone] ?? 6)
  })
})

test('a zone is known by its IANA name', () => {
  const names = ['Europe/Berlin', 'UTC', 'Mars/Olympus', '+02:00', '-0200', '']
  expect(names.filter(isTimeZone)).toEqual(['Europe/Berlin', 'UTC'])
  expect(() => createWallClock('Mars/Olympus')).toThrow(
    'Unknown time zone "Mars/Olympus"; use an IANA name such as Europe/Berlin or UTC',
  )
})
