import { createRetentionSchedule } from '@spanledger/server'
import { expect, test } from 'vitest'
import { call } from '../builders.ts'
import { startServer } from './test-server.ts'

const DAY_MS = 86_400_000

test('calls, what was said and sums go at their own times', async () => {
  const { store } = await startServer()
  const now = Date.parse('2026-11-21T12:00Z')
  const ages = [1, 40, 500]
  await store.write(
    ages.map((days, index) =>
      call({
        span_id: String(index + 1).repeat(16),
        started_at: now - days * DAY_MS,
        ended_at: now - days * DAY_MS + 10,
        input_tokens: 10,
      }),
    ),
  )
  const keep = { callsMs: 30 * DAY_MS, rollupsMs: 400 * DAY_MS }
  const schedule = createRetentionSchedule({ store, retention: keep, now: () => now })
  await schedule.prune()
  await schedule.close()
  expect((await store.calls({})).calls.map(({ started_at }) => (now - started_at) / DAY_MS)).toEqual([1])
  // Of the second the sums are left.
  expect(await store.summary({})).toMatchObject({ calls: 2, inputTokens: 20 })
})

test('without a time nothing goes', async () => {
  const { store } = await startServer()
  await store.write([call({ started_at: 1_000, ended_at: 2_000 })])
  const schedule = createRetentionSchedule({ store, retention: {} })
  await schedule.prune()
  await schedule.close()
  expect((await store.calls({})).calls).toHaveLength(1)
})
