import { startRollupBuild } from '@spanledger/server'
import type { Store } from '@spanledger/store'
import { afterEach, describe, expect, test } from 'vitest'
import { call } from '../builders.ts'
import { DATABASES, type TestDatabase } from '../store/stores.ts'
import { requestOf, toProtobuf } from './otlp-request.ts'
import { serve } from './serve.ts'
import { CHAT, genAISpan } from './test-server.ts'

const DAY_MS = 86_400_000
const DAYS = 40
const FIRST = Date.UTC(2026, 8, 1)

describe.each(DATABASES)('a database of an older version ($name)', ({ create }) => {
  let database: TestDatabase
  afterEach(() => database.remove())

  /** Calls of many days, and the state that a migration leaves which finds calls. */
  async function createOld(): Promise<{ readonly store: Store; readonly url: string }> {
    database = await create()
    const store = await database.open()
    const calls = Array.from({ length: DAYS }, (_, index) => {
      const startedAt = FIRST + index * DAY_MS
      const id = (index + 1).toString(16).padStart(16, '0')
      return call({ span_id: id, run_id: id, started_at: startedAt, ended_at: startedAt + 1_000, input_tokens: 10 })
    })
    await store.write(calls)
    await database.change('UPDATE rollup_state SET rollups_from = NULL')
    await database.change('DELETE FROM rollup_days')
    await database.change('DELETE FROM rollup_quarters')
    return { store, url: database.url }
  }

  test('gets its sums while it is served, and answers rightly meanwhile', async () => {
    const { store, url } = await createOld()
    expect(await store.hasRollups()).toBe(false)
    const { url: server, notes } = await serve({ db: url })
    const tokens = async () => {
      const response = await fetch(`${server}/api/ai-usage/summary?from=0`)
      return ((await response.json()) as { totals: { inputTokens: number } }).totals.inputTokens
    }
    expect(await tokens()).toBe(DAYS * 10)
    const sent = await fetch(`${server}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body: toProtobuf(requestOf([genAISpan('c', undefined, CHAT, { traceId: 'c'.repeat(32) })])),
    })
    expect(sent.status).toBe(200)
    expect(await tokens()).toBe(DAYS * 10 + 1_000)
    await expect.poll(() => store.hasRollups(), { timeout: 20_000 }).toBe(true)
    expect(await tokens()).toBe(DAYS * 10 + 1_000)
    expect(await store.rollupCheck()).toMatchObject({ calls: DAYS + 1, differing: 0 })
    await expect.poll(notes, { timeout: 10_000 }).toContain('Built the rollups of ')
    expect(notes().match(/building rollups in the background/g)).toHaveLength(1)
  }, 40_000)

  test('is left alone when it has sums', async () => {
    database = await create()
    const store = await database.open()
    await store.write([call()])
    const { notes } = await serve({ db: database.url })
    expect(await store.hasRollups()).toBe(true)
    expect(notes()).not.toContain('in the background')
  }, 20_000)
})

test('sums that cannot be made are said once', async () => {
  const said: string[] = []
  const build = startRollupBuild({
    database: { url: 'postgres://nobody@127.0.0.1:1/none' },
    onProblem: (sentence) => said.push(sentence),
  })
  await build.ended
  expect(said).toEqual([expect.stringContaining('127.0.0.1')])
  await build.close()
})
