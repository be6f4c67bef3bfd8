import type { Call } from '@spanledger/core'
import { createWallClock } from '@spanledger/core/time'
import { type BucketSize, type Store } from '@spanledger/store'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buildCall } from '../../core/build-call.ts'
import { STORES, type TestDatabase } from '../stores.ts'

const HOUR = 3_600_000

function numbered(rows: readonly Partial<Call>[]): Call[] {
  return rows.map((row, index) => buildCall({ span_id: (index + 1).toString(16).padStart(16, '0'), ...row }))
}

describe.each(STORES)('calls over time in $name', ({ create }) => {
  let database: TestDatabase
  let store: Store

  beforeEach(async () => {
    database = await create()
    store = await database.open({ now: () => Date.parse('2026-04-01T00:00Z') })
  })
  afterEach(() => database.remove())

  async function starts(options: { tz: string; bucket: BucketSize; from: string; to: string }): Promise<string[]> {
    const { tz, bucket, from, to } = options
    const { buckets } = await store.timeseries({ tz, from: Date.parse(from), to: Date.parse(to) }, { bucket })
    for (const [index, { end }] of buckets.entries()) expect(buckets[index + 1]?.start ?? end).toBe(end)
    return buckets.map(({ start }) => new Date(start).toISOString().slice(0, 16))
  }

  test('days, weeks and months are those of the zone, even when its clocks change', async () => {
    const range = { from: '2026-03-28T12:00Z', to: '2026-03-30T12:00Z' }
    expect(await starts({ tz: 'Europe/Berlin', bucket: '1d', ...range })).toEqual([
      '2026-03-27T23:00',
      '2026-03-28T23:00',
      '2026-03-29T22:00',
    ])
    expect(await starts({ tz: 'Asia/Kathmandu', bucket: '1d', ...range })).toEqual([
      '2026-03-27T18:15',
      '2026-03-28T18:15',
      '2026-03-29T18:15',
    ])
    expect(await starts({ tz: 'Europe/Berlin', bucket: '1w', ...range })).toEqual([
      '2026-03-22T23:00',
      '2026-03-29T22:00',
    ])
    expect(await starts({ tz: 'America/St_Johns', bucket: '1mo', from: range.from, to: '2026-04-02T00:00Z' })).toEqual([
      '2026-03-01T03:30',
      '2026-04-01T02:30',
    ])
  })

  test('an hour that the clocks repeat is two buckets, and one that they skip is none', async () => {
    expect(
      await starts({ tz: 'Europe/Berlin', bucket: '1h', from: '2026-10-24T23:00Z', to: '2026-10-25T03:00Z' }),
    ).toEqual(['2026-10-24T23:00', '2026-10-25T00:00', '2026-10-25T01:00', '2026-10-25T02:00'])
    expect(
      await starts({ tz: 'Europe/Berlin', bucket: '6h', from: '2026-03-28T23:00Z', to: '2026-03-29T16:00Z' }),
    ).toEqual(['2026-03-28T23:00', '2026-03-29T04:00', '2026-03-29T10:00'])
    // Half an hour is put in at two o'clock.
    expect(
      await starts({ tz: 'Australia/Lord_Howe', bucket: '1h', from: '2026-04-04T14:00Z', to: '2026-04-04T17:00Z' }),
    ).toEqual(['2026-04-04T14:00', '2026-04-04T15:00', '2026-04-04T15:30', '2026-04-04T16:30'])
  })

  test.each([
    ['2026-03-29T02:30', 'Europe/Berlin'],
    ['2026-10-25T02:30', 'Europe/Berlin'],
    ['2026-03-08T02:15', 'America/New_York'],
    ['2026-04-24T00:00', 'Africa/Cairo'],
    ['2011-12-30T12:00', 'Pacific/Apia'],
  ])(
    'the hour of a time that clocks skip or show twice is the one that range ends name: %s in %s',
    async (wall, tz) => {
      const clock = createWallClock(tz)
      const from = clock.instantOf(Date.parse(`${wall}Z`))
      const { buckets } = await store.timeseries({ tz, from, to: from + 1 }, { bucket: '1h' })
      const [hour] = buckets
      expect(buckets).toHaveLength(1)
      expect(clock.wallTimeAt(hour!.start)).toBe(Math.floor(clock.wallTimeAt(from) / HOUR) * HOUR)
      expect(from - hour!.start).toBe(clock.wallTimeAt(from) % HOUR)
    },
  )

  test.each(['Europe/Berlin', 'America/New_York', 'Africa/Cairo', 'America/Havana', 'Australia/Lord_Howe'])(
    'each day of a year begins where a day begins as the end of a range: %s',
    async (tz) => {
      const clock = createWallClock(tz)
      const days = Array.from({ length: 366 }, (_, day) => clock.instantOf(Date.UTC(2026, 0, day + 1)))
      const { buckets } = await store.timeseries({ tz, from: days[0], to: days.at(-1) }, { bucket: '1d' })
      expect(buckets.map(({ start }) => start)).toEqual(days.slice(0, -1))
    },
  )

  test('each call counts in the bucket of its start and in its group; other groups are added up', async () => {
    const from = Date.parse('2026-03-29T00:00Z')
    await store.write(
      numbered([
        { started_at: from, model: 'a', cost_nano_usd: 100 },
        { started_at: from + HOUR, model: 'b', cost_nano_usd: 20 },
        { started_at: from + HOUR + 1, model: null, cost_nano_usd: 3 },
        { started_at: from + 3 * HOUR - 1, model: 'a', cost_nano_usd: 1 },
        { started_at: from + 3 * HOUR, model: 'a', cost_nano_usd: 1000 },
      ]),
    )
    const range = { from, to: from + 3 * HOUR - 60_000 * 10 + 600_000 }
    const { buckets, totals, groups = [] } = await store.timeseries(range, { bucket: '1h', groupBy: 'model', limit: 1 })
    expect(buckets.map(({ isPartial }) => isPartial)).toEqual([false, false, false])
    expect(totals.map((bucket) => bucket.costNanoUsd)).toEqual([100, 23, 1])
    expect(
      groups.map(({ key, isOther, totals }) => ({ key, isOther, costs: totals.map((t) => t.costNanoUsd) })),
    ).toEqual([
      { key: 'a', costs: [100, null, 1] },
      { key: null, isOther: true, costs: [null, 23, null] },
    ])
  })

  test('without a range it goes from the first call to now, and marks the partial bucket', async () => {
    await store.write(numbered([{ started_at: Date.parse('2026-03-30T10:00Z') }]))
    const { bucket, buckets } = await store.timeseries({})
    expect(bucket).toBe('15m')
    expect(buckets.length).toBe(38 * 4)
    const days = await store.timeseries({}, { bucket: '1d' })
    expect(days.buckets.map(({ isPartial }) => isPartial)).toEqual([true, false])
  })

  test('an unknown bucket size, and one that is too narrow, is refused', async () => {
    const year = { from: 0, to: 365 * 24 * HOUR }
    await expect(store.timeseries(year, { bucket: '2d' as BucketSize })).rejects.toThrow(
      'Unknown bucket "2d"; use 15m, 1h, 6h, 1d, 1w, 1mo or auto',
    )
    await expect(store.timeseries(year, { bucket: '1h' })).rejects.toThrow('This range has more than 2000 buckets of')
    await expect(store.timeseries({ from: 0, to: 8e15 })).rejects.toThrow('This range has more than 2000 buckets of')
    expect((await store.timeseries(year)).buckets.length).toBeLessThanOrEqual(200)
  })

  test('percentiles are within 1.6 percent of sorting', async () => {
    const durations = Array.from({ length: 997 }, (_, index) => 3 + ((index * 7919) % 997) ** 2 / 7)
    await store.write(
      numbered(durations.map((duration_ms) => ({ duration_ms, time_to_first_token_ms: duration_ms / 3, model: 'a' }))),
    )
    const sorted = durations.toSorted((a, b) => a - b)
    const { duration, timeToFirstToken } = await store.summary({}, { percentiles: true })
    for (const [percent, value] of [
      [50, duration?.p50Ms],
      [90, duration?.p90Ms],
      [95, duration?.p95Ms],
      [99, duration?.p99Ms],
    ] as const) {
      const exact = sorted[Math.ceil((percent * 997) / 100) - 1]!
      expect(Math.abs(value! - exact) / exact).toBeLessThanOrEqual(1 / 63)
    }
    expect(timeToFirstToken!.p50Ms).toBeLessThan(duration!.p50Ms)
    const [row] = await store.breakdown({}, 'model', { percentiles: true })
    expect(row).toMatchObject({ key: 'a', duration, timeToFirstToken })
    expect(await store.summary({ model: 'none' }, { percentiles: true })).toMatchObject({ calls: 0, duration: null })
  })
})
