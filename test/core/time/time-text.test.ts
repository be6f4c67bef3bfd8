import { parseTimeText } from '@spanledger/core/time'
import { describe, expect, test } from 'vitest'

function read(text: string, edge: 'start' | 'end', timeZone = 'UTC'): string | undefined {
  const instant = parseTimeText(text, { edge, timeZone })
  return instant === undefined ? undefined : new Date(instant).toISOString()
}

describe('a day alone', () => {
  test.each([
    ['2026-11-01', 'UTC', '2026-11-01T00:00:00.000Z', '2026-11-02T00:00:00.000Z'],
    ['2026-12-31', 'Asia/Kathmandu', '2026-12-30T18:15:00.000Z', '2026-12-31T18:15:00.000Z'],
    // These days have 23 and 25 hours.
    ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
    ['2026-10-25', 'Europe/Berlin', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
    // This one begins at one o'clock.
    ['2026-04-24', 'Africa/Cairo', '2026-04-23T22:00:00.000Z', '2026-04-24T21:00:00.000Z'],
  ])('%s in %s is all of it: the start of one range and the end of another', (day, timeZone, start, end) => {
    expect([read(day, 'start', timeZone), read(day, 'end', timeZone)]).toEqual([start, end])
  })

  test('ends where the next one begins, also where the clocks leave a day out', () => {
    expect(read('2011-12-29', 'end', 'Pacific/Apia')).toBe(read('2011-12-31', 'start', 'Pacific/Apia'))
    expect(read('2011-12-30', 'end', 'Pacific/Apia')).toBe(read('2011-12-30', 'start', 'Pacific/Apia'))
  })
})

test.each([
  ['1793750400000', '2026-11-04T00:00:00.000Z'],
  ['0', '1970-01-01T00:00:00.000Z'],
  ['2026-03-01T00:00', '2026-02-28T23:00:00.000Z'],
  ['2026-03-01 00:00', '2026-02-28T23:00:00.000Z'],
  ['2026-03-01T00:00Z', '2026-03-01T00:00:00.000Z'],
  ['2026-03-01t08:15:30.2509z', '2026-03-01T08:15:30.250Z'],
  ['2026-03-01T08:15:30,5', '2026-03-01T07:15:30.500Z'],
  ['2026-03-01T00:00+05:30', '2026-02-28T18:30:00.000Z'],
  ['2026-03-01T00:00 0530', '2026-02-28T18:30:00.000Z'],
  ['2026-03-01T00:00-02', '2026-03-01T02:00:00.000Z'],
  ['1969-12-31T00:00', '1970-01-01T00:00:00.000Z'],
])('a full time is the same instant at both ends: %s', (text, instant) => {
  expect([read(text, 'start', 'Europe/Berlin'), read(text, 'end', 'Europe/Berlin')]).toEqual([instant, instant])
})

test.each([
  '',
  'yesterday',
  '24h',
  '2026-11',
  '2026-02-30',
  '2026-13-01',
  '2026-11-01Z',
  '2026-11-01+02:00',
  '2026-11-01T24:00',
  '2026-11-01T08',
  '2026-11-01T08:60',
  '2026-11-01T08:00+24:00',
  '2026-11-01T08:00+02:60',
  '9999999999999999',
  '-1',
  '1.5',
])('what is not a time: %j', (text) => {
  expect([read(text, 'start'), read(text, 'end')]).toEqual([undefined, undefined])
})
