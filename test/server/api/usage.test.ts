import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DATABASES } from '../../store/stores.ts'
import { type Json, NOW, numbered, startApi, type TestApi } from './start-api.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

// Ten calls an hour apart: three models, two users and one that is unknown, every third one in project shop.
const CALLS = Array.from({ length: 10 }, (_, index) =>
  numbered(index + 1, {
    started_at: NOW - (index + 1) * HOUR,
    ended_at: NOW - (index + 1) * HOUR + 1000 * (index + 1),
    duration_ms: 1000 * (index + 1),
    time_to_first_token_ms: index < 5 ? 100 * (index + 1) : null,
    model: ['gpt-5', 'gpt-5-mini', 'o4'][index % 3]!,
    user_id: [null, 'ada', 'bob'][index % 3]!,
    project_id: index % 3 === 0 ? 'shop' : 'blog',
    cost_nano_usd: (index + 1) * 1_000_000,
    input_tokens: 10 * (index + 1),
    output_tokens: 1,
    total_tokens: 10 * (index + 1) + 1,
    status: index === 9 ? 'error' : 'ok',
    error_message: index === 9 ? 'overloaded' : null,
    tags: index < 2 ? ['beta', 'eu'] : null,
  }),
)

describe.each(DATABASES)('questions on $name', ({ create }) => {
  let api: TestApi
  beforeEach(async () => {
    api = await startApi(create)
    await api.store.write(CALLS)
  })
  afterEach(() => api.close())

  test('the summary adds up what the filter lets through', async () => {
    const { range, totals } = await api.get(`/api/ai-usage/summary?user=ada&user=bob&from=${NOW - DAY}&to=${NOW}`)
    expect(range).toEqual({ from: NOW - DAY, to: NOW, tz: 'UTC' })
    // Calls 2, 3, 5, 6, 8, 9.
    expect(totals).toMatchObject({ calls: 6, costNanoUsd: 33_000_000, costUsd: 0.033, inputTokens: 330, errors: 0 })
    expect((await api.get('/api/ai-usage/summary?user=')).totals).toMatchObject({
      calls: 4,
      costNanoUsd: 22_000_000,
      errors: 1,
    })
  })

  test('percentiles are those of the durations', async () => {
    const { totals } = await api.get('/api/ai-usage/summary')
    expect(totals.duration.p50Ms / 5000).toBeCloseTo(1, 1)
    expect(totals.duration.p90Ms / 9000).toBeCloseTo(1, 1)
    expect(totals.duration.p99Ms / 10_000).toBeCloseTo(1, 1)
    expect(totals.timeToFirstToken.p50Ms / 300).toBeCloseTo(1, 1)
    expect((await api.get('/api/ai-usage/summary?model=none')).totals).toMatchObject({
      calls: 0,
      costNanoUsd: null,
      costUsd: null,
      duration: null,
    })
  })

  test('the time before is as long, and just before', async () => {
    const from = NOW - 3 * HOUR
    const { totals, previous } = await api.get(`/api/ai-usage/summary?compare=previous&from=${from}&to=${NOW}`)
    expect(totals).toMatchObject({ calls: 3, costNanoUsd: 6_000_000 })
    expect(previous).toMatchObject({ calls: 3, costNanoUsd: 15_000_000 })
  })

  test('rows of a breakdown, its rest, and the summary are the same money', async () => {
    for (const groupBy of ['model', 'user', 'project', 'day', 'status', 'session']) {
      for (const limit of [1, 2, 100]) {
        const { rows, other } = await api.get(`/api/ai-usage/breakdown?groupBy=${groupBy}&limit=${limit}`)
        const parts = [...rows, ...(other === null ? [] : [other])]
        expect({ groupBy, limit, cost: sum(parts, 'costNanoUsd'), calls: sum(parts, 'calls') }).toEqual({
          groupBy,
          limit,
          cost: 55_000_000,
          calls: 10,
        })
      }
    }
  })

  test('a breakdown has its rows by cost, with the names of projects', async () => {
    await api.store.ensureProject({ id: 'shop', name: 'The shop' })
    const { rows } = await api.get('/api/ai-usage/breakdown?groupBy=project')
    expect(rows.map(({ key, label, costNanoUsd }: Json) => [key, label, costNanoUsd])).toEqual([
      ['blog', 'blog', 33_000_000],
      ['shop', 'The shop', 22_000_000],
    ])
    const tags = await api.get('/api/ai-usage/breakdown?groupBy=tag&tag=beta')
    expect(tags.rows.map(({ key, calls }: Json) => [key, calls])).toEqual([
      ['beta', 2],
      ['eu', 2],
    ])
  })

  test('points of a chart add up to the summary, line by line', async () => {
    for (const bucket of ['15m', '1h', '6h', '1d', '1w', '1mo', 'auto']) {
      const chart = await api.get(`/api/ai-usage/timeseries?groupBy=model&bucket=${bucket}&from=${NOW - DAY}&to=${NOW}`)
      expect(chart.totals).toHaveLength(chart.buckets.length)
      expect(sum(chart.totals, 'costNanoUsd')).toBe(55_000_000)
      const lines = chart.series.costNanoUsd.map(({ points }: Json) =>
        points.reduce((a: number, b: number) => a + (b ?? 0), 0),
      )
      expect(lines).toEqual([22_000_000, 18_000_000, 15_000_000])
    }
  })

  test('days of a chart are those of the clocks there, also when they change', async () => {
    const chart = await api.get('/api/ai-usage/timeseries?bucket=1d&tz=Europe/Berlin&from=2026-03-28&to=2026-03-30')
    expect(chart.buckets.map(({ start }: Json) => new Date(start).toISOString())).toEqual([
      '2026-03-27T23:00:00.000Z',
      '2026-03-28T23:00:00.000Z',
      '2026-03-29T22:00:00.000Z',
    ])
    const kathmandu = await api.get(
      '/api/ai-usage/timeseries?bucket=1d&tz=Asia/Kathmandu&from=2026-11-22&to=2026-11-22',
    )
    expect(kathmandu.buckets).toEqual([
      { start: Date.UTC(2026, 10, 21, 18, 15), end: Date.UTC(2026, 10, 22, 18, 15), isPartial: expect.any(Boolean) },
    ])
  })

  test('a time without an offset is one of the zone', async () => {
    const answer = await api.get(
      '/api/ai-usage/summary?tz=Asia/Kolkata&from=2026-11-22T10:00&to=2026-11-22T12:00:00%2B02:00',
    )
    expect(answer.range).toEqual({
      from: Date.UTC(2026, 10, 22, 4, 30),
      to: Date.UTC(2026, 10, 22, 10),
      tz: 'Asia/Kolkata',
    })
  })

  test.each([
    ['2026-03-29T02:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
    ['2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
    ['2026-03-08T02:15', 'America/New_York', '2026-03-08T07:15:00.000Z'],
  ])('a time that clocks skip or show twice is one instant: %s in %s', async (from, tz, instant) => {
    const { range } = await api.get(`/api/ai-usage/summary?tz=${tz}&from=${from}`)
    expect(new Date(range.from).toISOString()).toBe(instant)
  })

  test('the second address answers the same', async () => {
    for (const question of ['/summary', '/timeseries?groupBy=user', '/breakdown?groupBy=model', '/tools', '']) {
      expect(await api.get(`/api/ai/usage${question}`)).toEqual(await api.get(`/api/ai-usage${question}`))
    }
  })

  test('the overview says of one filter what the single questions say', async () => {
    const filter = `user=ada&user=bob&from=${NOW - DAY}&to=${NOW}`
    const overview = await api.get(`/api/overview?${filter}`)
    const { totals, previous } = await api.get(`/api/ai-usage/summary?${filter}&compare=previous`)
    expect(overview.totals).toEqual(totals)
    expect(overview.previous).toEqual(previous)
    expect(overview.timeseries).toEqual(await api.get(`/api/ai-usage/timeseries?${filter}&groupBy=model`))
    expect(sum(overview.top.models, 'costNanoUsd')).toBe(totals.costNanoUsd)
    expect(sum(overview.top.users, 'calls')).toBe(totals.calls)
    expect({ isEmpty: overview.isEmpty, isDemoData: overview.isDemoData }).toEqual({
      isEmpty: false,
      isDemoData: false,
    })
    await api.store.write([numbered(99, { environment: 'demo' })])
    expect((await api.get('/api/overview')).isDemoData).toBe(true)
  })

  test('tools are told by success, time and what their failures say', async () => {
    const tool = {
      kind: 'tool',
      billable: 0,
      tool_name: 'search',
      cost_nano_usd: null,
      started_at: NOW - HOUR,
    } as const
    await api.store.write([
      numbered(20, { ...tool, duration_ms: 100 }),
      numbered(21, { ...tool, duration_ms: 300 }),
      numbered(22, { ...tool, status: 'error', error_type: 'TypeError', error_message: 'no net', duration_ms: 200 }),
      numbered(23, { ...tool, tool_name: 'save', duration_ms: null }),
    ])
    const { tools, overTime } = await api.get(`/api/ai-usage/tools?from=${NOW - DAY}&to=${NOW}&bucket=1d`)
    expect(tools).toEqual([
      {
        tool: 'search',
        calls: 3,
        succeeded: 2,
        failed: 1,
        successRate: 2 / 3,
        averageDurationMs: 200,
        p95DurationMs: expect.closeTo(300, -1),
        lastStartedAt: NOW - HOUR,
        failures: [
          {
            message: 'no net',
            errorType: 'TypeError',
            calls: 1,
            lastStartedAt: NOW - HOUR,
            callId: expect.stringContaining('16'),
          },
        ],
      },
      expect.objectContaining({ tool: 'save', calls: 1, successRate: 1, averageDurationMs: null, failures: [] }),
    ])
    expect(
      sum(
        overTime.series.map(({ points }: Json) => ({ n: points.reduce((a: number, b: number) => a + b, 0) })),
        'n',
      ),
    ).toBe(4)
    expect(overTime.failures.points.reduce((a: number, b: number) => a + b, 0)).toBe(1)
  })
})

function sum(rows: readonly Json[], name: string): number {
  return rows.reduce((total, row) => total + (row[name] ?? 0), 0)
}
