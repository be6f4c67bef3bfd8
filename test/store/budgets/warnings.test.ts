import type { BudgetWarning, Store } from '@spanledger/store'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DATABASES, type TestDatabase } from '../stores.ts'

const NOW = Date.parse('2026-03-25T12:00Z')
const MARCH = Date.parse('2026-03-01T00:00Z')
const APRIL = Date.parse('2026-04-01T00:00Z')
const LEASE_MS = 1000

describe.each(DATABASES)('a warning on $name', ({ create }) => {
  let database: TestDatabase
  let store: Store
  let id: string
  let now: number
  beforeEach(async () => {
    now = NOW
    database = await create()
    store = await database.open({ now: () => now })
    const budget = { name: 'all', scope: {}, period: 'month', tz: 'UTC', limitNanoUsd: 1e9, webhookUrl: null } as const
    ;({ id } = await store.createBudget(budget))
  })
  afterEach(() => database.remove())

  const warning = (percent: BudgetWarning, periodStart = MARCH) => ({ percent, periodStart })
  const lastWarning = async () => (await store.budgets())[0]?.lastWarning

  test('is leased by one process at a time, and never again once it is settled', async () => {
    const taken = await Promise.all([1, 2, 3].map(() => store.takeWarning(id, warning(50), LEASE_MS)))
    expect(taken.filter((attempt) => attempt !== undefined)).toEqual([1])
    now += LEASE_MS
    expect(await store.takeWarning(id, warning(50), LEASE_MS)).toBe(2)
    expect(await lastWarning()).toBeNull()
    await store.settleWarning(id, warning(50))
    expect(await lastWarning()).toBe(50)
    now += LEASE_MS
    expect(await store.takeWarning(id, warning(50), LEASE_MS)).toBeUndefined()
    expect(await store.holdWarning(id, warning(50), LEASE_MS)).toBe(false)
  })

  test('that is lower than a settled one is neither leased nor shown', async () => {
    expect(await store.takeWarning(id, warning(50), LEASE_MS)).toBe(1)
    expect(await store.takeWarning(id, warning(95), LEASE_MS)).toBe(1)
    await store.settleWarning(id, warning(95))
    await store.settleWarning(id, warning(50))
    expect(await lastWarning()).toBe(95)
    expect(await store.takeWarning(id, warning(80), LEASE_MS)).toBeUndefined()
  })

  test('of an earlier period does not replace that of a later one', async () => {
    now = APRIL + 1
    await store.settleWarning(id, warning(50, APRIL))
    await store.settleWarning(id, warning(95, MARCH))
    expect(await lastWarning()).toBe(50)
    expect(await store.takeWarning(id, warning(80, APRIL), LEASE_MS)).toBe(1)
  })

  test('that an older server has delivered is neither leased nor held', async () => {
    expect(await store.takeWarning(id, warning(50), LEASE_MS)).toBe(1)
    // What a server does that knows no leases.
    await database.change(`UPDATE budgets SET warned_percent = 50, warned_period_start = ${MARCH}`)
    expect(await store.holdWarning(id, warning(50), LEASE_MS)).toBe(false)
    now += LEASE_MS
    expect(await store.takeWarning(id, warning(50), LEASE_MS)).toBeUndefined()
    expect(await store.takeWarning(id, warning(80), LEASE_MS)).toBe(1)
  })

  test('that is settled is known to an older server by the columns of its budget', async () => {
    await store.takeWarning(id, warning(80), LEASE_MS)
    await store.settleWarning(id, warning(80))
    expect(await database.rows('SELECT warned_percent, warned_period_start FROM budgets')).toEqual([
      { warned_percent: 80, warned_period_start: MARCH },
    ])
  })

  test('of a deleted budget cannot be leased', async () => {
    await store.deleteBudget(id)
    expect(await store.takeWarning(id, warning(50), LEASE_MS)).toBeUndefined()
  })
})
