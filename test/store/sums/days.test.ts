import { type Store } from '@spanledger/store'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildCall } from '../../core/build-call.ts'
import { STORES, type TestDatabase } from '../stores.ts'

const HOUR = 3_600_000
const ZONES = Intl.supportedValuesOf('timeZone')

// Calls around changes of clocks, month ends, and half-hour and quarter-hour zones.
const STARTS = ['2026-03-28T00:00Z', '2026-10-24T00:00Z', '2026-04-04T00:00Z', '2024-02-28T00:00Z', '1999-12-30T00:00Z']
const TIMES = STARTS.flatMap((start) =>
  Array.from({ length: 70 }, (_, hour) => Date.parse(start) + hour * HOUR + 7 * 60_000),
)

describe.each(STORES)('days in $name', ({ create }) => {
  let database: TestDatabase
  let store: Store

  beforeAll(async () => {
    database = await create()
    store = await database.open()
    await store.write(
      TIMES.map((time, index) =>
        buildCall({
          span_id: (index + 1).toString(16).padStart(16, '0'),
          started_at: time,
          cost_nano_usd: index,
          duration_ms: index,
        }),
      ),
    )
  })
  afterAll(() => database.remove())

  test.each(ZONES)('%s', async (tz) => {
    const expected = new Map<string, number>()
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone: tz })
    for (const time of TIMES) {
      const day = format.format(time)
      expected.set(day, (expected.get(day) ?? 0) + 1)
    }
    const rows = await store.breakdown({ tz }, 'day')
    expect(rows.map(({ key, calls }) => [key, calls])).toEqual([...expected].sort(([a], [b]) => (a < b ? -1 : 1)))
  })

  test('a day that is 23 or 25 hours long has its own calls only', async () => {
    const rows = await store.breakdown({ tz: 'Europe/Berlin', from: Date.parse('2026-03-28T00:00Z') }, 'day')
    const calls = new Map(rows.map((row) => [row.key, row.calls]))
    expect(calls.get('2026-03-29')).toBe(23)
    expect(calls.get('2026-10-25')).toBe(25)
  })

  test('averages are of the calls of the day', async () => {
    const from = Date.parse('2026-03-28T00:00Z')
    const [row] = await store.breakdown({ from, to: from + 4 * HOUR }, 'day')
    expect(row).toMatchObject({ key: '2026-03-28', calls: 4, averageDurationMs: 1.5, costNanoUsd: 6 })
  })

  test('an unknown zone is refused', async () => {
    await expect(store.breakdown({ tz: 'Mars/Olympus' }, 'day')).rejects.toThrow(
      'Unknown time zone "Mars/Olympus"; use an IANA name such as Europe/Berlin',
    )
  })
})
