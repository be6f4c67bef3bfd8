import { type BudgetWarning, type Store } from '@spanledger/store'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buildCall, buildContent } from '../../core/build-call.ts'
import { collect, STORES, type TestDatabase } from '../stores.ts'

const DAY = 86_400_000
const NOW = Date.parse('2026-03-29T12:00Z')
const TODAY = Date.parse('2026-03-29T00:00Z')

describe.each(STORES)('what stays in $name', ({ create }) => {
  let database: TestDatabase
  let store: Store
  let now: number

  beforeEach(async () => {
    database = await create()
    now = NOW
    store = await database.open({ now: () => now })
  })
  afterEach(() => database.remove())

  // One call an hour, from ten days ago until today.
  const CALLS = Array.from({ length: 240 }, (_, index) =>
    buildCall({
      span_id: (index + 1).toString(16).padStart(16, '0'),
      started_at: TODAY - 10 * DAY + index * 3_600_000,
      model: 'm',
      cost_nano_usd: 10,
      content: buildContent({ answer: 'Noon' }),
    }),
  )

  test('content is deleted by the time it was stored, and calls stay', async () => {
    await store.write(CALLS.slice(0, 2))
    now = NOW + DAY
    await store.write(CALLS.slice(2, 3))
    const progress = await collect(store.prune({ contentOlderThan: NOW + 1 }))
    expect(progress.at(-1)).toEqual({ what: 'content', rows: 2, isDone: true })
    const { calls } = await store.calls({}, { content: true })
    expect(calls.map((call) => call.content?.answer ?? null)).toEqual(['Noon', null, null])
  })

  test('calls are deleted by whole days, a batch at a time, and their sums stay', async () => {
    await store.write(CALLS)
    const before = await store.summary({}, { percentiles: true })
    const dry = await collect(store.prune({ callsOlderThan: TODAY - 3 * DAY + 5, dryRun: true }))
    expect(dry).toContainEqual({ what: 'calls', rows: 168, isDone: true })
    expect((await store.size()).calls).toBe(240)
    const progress = await collect(store.prune({ callsOlderThan: TODAY - 3 * DAY + 5 }))
    expect(progress.filter(({ isDone }) => isDone)).toEqual(dry)
    expect(await store.size()).toMatchObject({ calls: 72, firstStartedAt: TODAY - 3 * DAY })
    expect(await store.summary({}, { percentiles: true })).toEqual(before)
    expect((await store.breakdown({}, 'day')).length).toBe(10)
    expect(await store.rollupCheck()).toMatchObject({ differing: 0, days: 3, calls: 72 })
    expect(await database.rows('SELECT count(*) AS rows_there FROM call_contents')).toEqual([{ rows_there: 72 }])
  })

  test('a deleted call that is written again is not counted again', async () => {
    await store.write(CALLS)
    await collect(store.prune({ callsOlderThan: TODAY - 3 * DAY }))
    await store.write(CALLS)
    expect(await store.summary({})).toMatchObject({ calls: 240, costNanoUsd: 2400 })
    expect(await store.rollupCheck()).toMatchObject({ differing: 0 })
  })

  test('sums are deleted on their own; before that time calls are counted', async () => {
    await store.write(CALLS)
    const progress = await collect(store.prune({ rollupsOlderThan: TODAY - 3 * DAY }))
    expect(progress.at(-1)).toMatchObject({ what: 'rollups', isDone: true })
    expect(await store.summary({})).toMatchObject({ calls: 240 })
    await collect(store.prune({ callsOlderThan: TODAY - 3 * DAY }))
    expect(await store.summary({})).toMatchObject({ calls: 72 })
  })

  test('an event is stored once and found by its user, the latest first', async () => {
    const event = { name: 'chat_interaction', userId: 'ada', properties: { steps: 2, text: 'a\0b' } }
    expect(await store.writeEvents([{ ...event, id: 'a', occurredAt: 1 }])).toBe(1)
    expect(
      await store.writeEvents([
        { ...event, id: 'a', occurredAt: 5 },
        { ...event, id: 'b', occurredAt: 1 },
        { ...event, id: 'c', occurredAt: 2, userId: 'bob' },
      ]),
    ).toBe(2)
    const first = await store.events({}, { limit: 2 })
    const rest = await store.events({}, { limit: 2, cursor: first.next })
    expect([...first.events, ...rest.events].map(({ id }) => id)).toEqual(['c', 'b', 'a'])
    expect((await store.events({ user: 'ada', from: 1, to: 2 })).events).toMatchObject([
      { id: 'b' },
      { id: 'a', occurredAt: 1 },
    ])
    await expect(store.writeEvents([{ ...event, id: '', occurredAt: 1 }])).rejects.toThrow('An event needs an id')
  })

  test('a budget counts the calls of its scope and period, and shows its highest settled warning', async () => {
    await store.write(CALLS.map((call, index) => ({ ...call, project_id: index % 2 === 0 ? 'shop' : 'blog' })))
    const budget = await store.createBudget({
      name: 'Shop',
      scope: { project: 'shop' },
      period: 'week',
      tz: 'Europe/Berlin',
      limitNanoUsd: 1000,
      webhookUrl: null,
    })
    const [state] = await store.budgets()
    // From Monday, midnight in Berlin, to the end of the calls.
    expect(state).toMatchObject({
      ...budget,
      periodStart: Date.parse('2026-03-22T23:00Z'),
      periodEnd: Date.parse('2026-03-29T22:00Z'),
      spentNanoUsd: 720,
      percent: 72,
      lastWarning: null,
    })
    const { periodStart } = state!
    const take = (percent: BudgetWarning) => store.takeWarning(budget.id, { percent, periodStart }, DAY)
    expect(await Promise.all([take(50), take(50)])).toEqual(expect.arrayContaining([1, undefined]))
    expect(await take(80)).toBe(1)
    await store.settleWarning(budget.id, { percent: 80, periodStart })
    await store.settleWarning(budget.id, { percent: 50, periodStart })
    expect(await take(50)).toBeUndefined()
    expect((await store.budgets())[0]?.lastWarning).toBe(80)
    now = NOW + DAY
    expect((await store.budgets())[0]).toMatchObject({ spentNanoUsd: 0, lastWarning: null })
    await expect(store.createBudget({ ...budget, limitNanoUsd: 7 })).rejects.toThrow('already exists')
    expect([await store.deleteBudget(budget.id), await store.deleteBudget(budget.id)]).toEqual([true, false])
    await expect(store.createBudget({ ...budget, limitNanoUsd: 0 })).rejects.toThrow('expected an integer above 0')
    await expect(store.createBudget({ ...budget, tz: 'Mars' })).rejects.toThrow('Unknown time zone "Mars"')
  })
})
