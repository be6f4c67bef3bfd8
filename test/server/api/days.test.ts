import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buildContent } from '../../core/build-call.ts'
import { DATABASES } from '../../store/stores.ts'
import { readOpenApi } from './open-api.ts'
import { type Json, numbered, startApi, type TestApi } from './start-api.ts'

// Clocks in Berlin go back on this day, so that it has 25 hours.
const DAY = '2026-10-25'
const RANGE = `tz=Europe/Berlin&from=${DAY}&to=${DAY}`
const [START, END] = [Date.parse('2026-10-24T22:00Z'), Date.parse('2026-10-25T23:00Z')]
const TIMES = [START - 1, START, END - 1, END]

describe.each(DATABASES)('a day alone on $name', ({ create }) => {
  let api: TestApi
  beforeEach(async () => {
    api = await startApi(create, { now: () => Date.parse('2026-11-01T00:00Z') })
    await api.store.write(
      TIMES.map((time, index) => {
        const at = { started_at: time, ended_at: time, session_id: `s-${index}`, model: 'unheard-of' }
        return numbered(index + 1, { ...at, cost_nano_usd: 1, content: buildContent({ question: 'How much?' }) })
      }),
    )
    await api.store.writeEvents(
      TIMES.map((time, index) => ({ id: `e-${index}`, name: 'x', occurredAt: time, properties: {} })),
    )
  })
  afterEach(() => api.close())

  test('is in the range that it ends, whatever is asked', async () => {
    const expected = { from: START, to: END, tz: 'Europe/Berlin' }
    const summary = await api.get(`/api/ai-usage/summary?${RANGE}`)
    expect({ range: summary.range, calls: summary.totals.calls }).toEqual({ range: expected, calls: 2 })
    const overview = await api.get(`/api/overview?${RANGE}`)
    expect({ range: overview.range, calls: overview.totals.calls }).toEqual({ range: expected, calls: 2 })
    const { buckets, totals } = await api.get(`/api/ai-usage/timeseries?bucket=1d&${RANGE}`)
    expect({ buckets, calls: totals.map(({ calls }: Json) => calls) }).toEqual({
      buckets: [{ start: START, end: END, isPartial: false }],
      calls: [2],
    })
    const { rows } = await api.get(`/api/ai-usage/breakdown?groupBy=day&${RANGE}`)
    expect(rows.map(({ key, calls }: Json) => [key, calls])).toEqual([[DAY, 2]])
    expect((await api.get(`/api/ai-usage/tools?bucket=1d&${RANGE}`)).range).toEqual(expected)
    const times = (rows: Json, name: string) => rows.map((row: Json) => row[name])
    expect(times((await api.get(`/api/calls?${RANGE}`)).data, 'startedAt')).toEqual([END - 1, START])
    expect(times((await api.get(`/api/events?${RANGE}`)).data, 'occurredAt')).toEqual([END - 1, START])
    expect((await api.get(`/api/ai-usage?${RANGE}`)).data).toHaveLength(2)
    expect(times((await api.get(`/api/sessions?${RANGE}`)).data, 'session')).toEqual(['s-2', 's-1'])
    const filter = { from: DAY, to: DAY, tz: 'Europe/Berlin' }
    expect(await (await api.send('POST', '/api/prices/reprice', { filter })).json()).toMatchObject({ calls: 2 })
  })

  test('is compared with as much time before it', async () => {
    const { previous } = await api.get(`/api/ai-usage/summary?compare=previous&${RANGE}`)
    expect(previous.calls).toBe(1)
  })

  test.each([
    ['2026-10-25T00:00', START],
    ['2026-10-25T00:00Z', Date.parse('2026-10-25T00:00Z')],
    [String(START + 1), START + 1],
  ])('is not meant by a full time, which stays exact: %s', async (to, instant) => {
    const { range } = await api.get(`/api/ai-usage/summary?tz=Europe/Berlin&to=${to}`)
    expect(range.to).toBe(instant)
  })

  test.each([
    ['from=soon', 'from must be a time'],
    ['from=2026-10-26&to=2026-10-25', 'to must be after from'],
    ['tz=Mars/Base', 'tz must be an IANA time zone'],
  ])('and other times are refused in the words of the command: %s', async (query, message) => {
    const { error } = await (await api.request(`/api/ai-usage/summary?${query}`)).json()
    expect(error.message).toBe(message)
  })

  test('is documented so at each parameter', async () => {
    const { document } = await readOpenApi(api)
    const parameters = Object.values(document.paths)
      .flatMap((methods) => Object.values(methods))
      .flatMap((operation) => (operation.parameters ?? []) as Json[])
    const said = (name: string) =>
      new Set(parameters.filter((one) => one.in === 'query' && one.name === name).map((one) => one.description))
    expect([...said('to')]).toEqual([expect.stringContaining('A day alone, such as 2026-11-30, is included')])
  })
})
