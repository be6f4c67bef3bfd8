import { type BudgetWatch, type BudgetWatchOptions, createBudgetWatch } from '@spanledger/server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { STORES } from '../../store/stores.ts'
import { startWebhook, type Webhook } from '../webhook.ts'
import { type Json, NOW, numbered, startApi, type TestApi } from './start-api.ts'

const BUDGET = { name: 'all', period: 'day', limitUsd: 1 }

describe.each(STORES)('budgets on $name', ({ create }) => {
  let api: TestApi
  let now = NOW
  let hook: Webhook
  const watches: BudgetWatch[] = []
  beforeEach(async () => {
    now = NOW
    api = await startApi(create, { now: () => now })
    hook = await startWebhook()
  })
  afterEach(async () => {
    for (const watch of watches.splice(0)) await watch.close()
    await hook.close()
    await api.close()
  })

  const add = (body: object) => api.send('POST', '/api/budgets', body)
  let calls = 0
  const spendUsd = (usd: number, differences: object = {}) =>
    api.store.write([numbered((calls += 1), { started_at: now - 1000, cost_nano_usd: usd * 1e9, ...differences })])
  function watch(options: Partial<BudgetWatchOptions> = {}): BudgetWatch {
    const made = createBudgetWatch({ store: api.store, retryDelaysMs: [1, 1, 1], ...options })
    watches.push(made)
    return made
  }

  test('say what is spent of them in the period that it is', async () => {
    const response = await add({
      ...BUDGET,
      scope: { user: 'ada' },
      tz: 'Asia/Kolkata',
      webhookUrl: 'https://example.com/h',
    })
    expect(response.status).toBe(201)
    await spendUsd(0.25, { user_id: 'ada' })
    await spendUsd(0.5, { user_id: 'bob' })
    await spendUsd(0.5, { user_id: 'ada', started_at: NOW - 2 * 86_400_000 })
    const { data } = await api.get('/api/budgets')
    expect(data).toEqual([
      {
        id: (await response.json()).id,
        name: 'all',
        scope: { user: 'ada' },
        period: 'day',
        tz: 'Asia/Kolkata',
        limitUsd: 1,
        webhookUrl: 'https://example.com/h',
        createdAt: NOW,
        state: {
          spentNanoUsd: 250_000_000,
          spentUsd: 0.25,
          percent: 25,
          periodStart: Date.UTC(2026, 10, 21, 18, 30),
          periodEnd: Date.UTC(2026, 10, 22, 18, 30),
          lastWarning: null,
        },
      },
    ])
    expect((await api.request(`/api/budgets/${data[0].id}`, { method: 'DELETE' })).status).toBe(200)
    expect((await api.request(`/api/budgets/${data[0].id}`, { method: 'DELETE' })).status).toBe(404)
    expect(await api.get('/api/budgets')).toEqual({ data: [], next: null })
  })

  test.each([
    ['name', ''],
    ['name', undefined],
    ['period', 'year'],
    ['limitUsd', 0],
    ['limitUsd', -1],
    ['limitUsd', '5'],
    ['tz', 'Mars'],
    ['webhookUrl', 'ftp://example.com'],
    ['webhookUrl', 'file:///etc/passwd'],
    ['webhookUrl', 'https://ada:secret@example.com'],
    ['scope', { color: 'red' }],
    ['scope', { kind: 'everything' }],
    ['scope', []],
  ])('refuse %s = %j', async (field, value) => {
    const response = await add({ ...BUDGET, [field]: value })
    expect(response.status).toBe(400)
    expect((await response.json()).error.field).toMatch(new RegExp(`^${field}`))
  })

  test('have one name each', async () => {
    await add(BUDGET)
    expect((await add(BUDGET)).status).toBe(409)
  })

  test('tell their webhook at 50, 80 and 95 percent, once a period, whoever watches', async () => {
    await add({ ...BUDGET, webhookUrl: hook.url })
    const [one, two] = [watch(), watch()]
    const check = () => Promise.all([one.check(), two.check(), one.check()])
    const told = (): Json => hook.bodies.map(({ percent, spentUsd }) => [percent, spentUsd])
    await spendUsd(0.4)
    await check()
    expect(told()).toEqual([])
    await spendUsd(0.2)
    await check()
    await check()
    expect(told()).toEqual([[50, 0.6]])
    await spendUsd(0.39)
    await check()
    await check()
    expect(told()).toEqual([
      [50, 0.6],
      [95, 0.99],
    ])
    expect((await api.get('/api/budgets')).data[0].state.lastWarning).toBe(95)
    now += 86_400_000
    await check()
    expect(told()).toHaveLength(2)
    await spendUsd(0.85)
    await check()
    expect(told()[2]).toEqual([80, 0.85])
    expect(hook.bodies[0]).toMatchObject({
      type: 'budget_warning',
      budget: { name: 'all', period: 'day', tz: 'UTC', scope: {} },
      limitUsd: 1,
      periodStart: Date.UTC(2026, 10, 22),
      periodEnd: Date.UTC(2026, 10, 23),
    })
  })

  test('try again where a webhook fails, and say so where it fails for good', async () => {
    await add({ ...BUDGET, webhookUrl: hook.url })
    await spendUsd(0.6)
    hook.statuses.push(500, 503)
    const errors: unknown[] = []
    await watch({ onError: (error) => errors.push(error) }).check()
    expect({ told: hook.bodies.length, errors }).toEqual({ told: 3, errors: [] })
    hook.statuses.push(500, 500, 302, 500)
    await spendUsd(0.3)
    await watch({ onError: (error) => errors.push(error) }).check()
    expect(hook.bodies).toHaveLength(7)
    expect(String(errors[0])).toContain('Cannot deliver a warning to the webhook of budget "all"')
  })

  test('are told by the next one when the server is closed before its webhook has answered', async () => {
    await add({ ...BUDGET, webhookUrl: hook.url })
    await spendUsd(0.6)
    hook.statuses.push(500)
    const first = watch({ retryDelaysMs: [60_000, 60_000] })
    void first.check()
    await expect.poll(() => hook.bodies.length).toBe(1)
    expect((await api.get('/api/budgets')).data[0].state.lastWarning).toBeNull()
    await first.close()
    const second = watch({ retryDelaysMs: [60_000, 60_000] })
    await second.check()
    await second.check()
    expect(hook.bodies.map(({ percent }) => percent)).toEqual([50, 50])
    expect((await api.get('/api/budgets')).data[0].state.lastWarning).toBe(50)
  })

  test('tell nothing lower after something higher', async () => {
    await add({ ...BUDGET, webhookUrl: hook.url })
    await spendUsd(0.6)
    hook.statuses.push(500)
    const slow = watch({ retryDelaysMs: [500, 500] }).check()
    await expect.poll(() => hook.bodies.length).toBe(1)
    await spendUsd(0.3)
    await watch().check()
    await slow
    expect(hook.bodies.map(({ percent }) => percent)).toEqual([50, 80])
  })

  test('warn whoever runs the server also without a webhook', async () => {
    await add(BUDGET)
    await spendUsd(0.81)
    const warnings: number[] = []
    await watch({ onWarning: ({ percent }) => warnings.push(percent) }).check()
    expect(warnings).toEqual([80])
  })
})
