import type { Call } from '@spanledger/core'
import { openStore, type Store } from '@spanledger/store'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { buildCall, buildContent } from '../../../core/build-call.ts'

const START = Date.parse('2026-05-05T00:00Z')
const HOUR = 3_600_000

let folder: string
let path: string
let plain: Store
let threaded: Store
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spanledger-threads-'))
  path = join(folder, 'usage.db')
  plain = await openStore({ path })
  threaded = await openStore({ path, readingThreads: 2 })
})
afterEach(async () => {
  await threaded.close()
  await plain.close()
  rmSync(folder, { recursive: true })
})

function calls(count: number): Call[] {
  return Array.from({ length: count }, (_, index) =>
    buildCall({
      span_id: (index + 1).toString(16).padStart(16, '0'),
      kind: index % 3 === 0 ? 'tool' : 'model',
      billable: index % 3 === 0 ? 0 : 1,
      tool_name: index % 3 === 0 ? 'search' : null,
      model: `m${index % 4}`,
      session_id: `s${index % 5}`,
      user_id: `u${index % 7}`,
      started_at: START + index * 1000,
      duration_ms: index,
      cost_nano_usd: index % 3 === 0 ? null : index,
      content: buildContent({ question: 'Why?' }),
    }),
  )
}

test('threads answer as the store itself does, including every call that was written before', async () => {
  await threaded.write(calls(200))
  const filter = { from: START, to: START + HOUR, tz: 'Europe/Berlin' }
  const ask = (store: Store): Promise<unknown>[] => [
    store.calls(filter, { limit: 20, content: true }),
    store.trace(calls(1)[0]!.trace_id),
    store.sessions(filter),
    store.session('s1'),
    store.usageLogs(filter),
    store.summary(filter, { percentiles: true }),
    store.breakdown(filter, 'user', { limit: 3 }),
    store.timeseries(filter, { groupBy: 'model' }),
    store.toolStats(filter),
    store.toolReport(filter),
    store.unpricedModels(filter),
  ]
  expect(await Promise.all(ask(threaded))).toEqual(await Promise.all(ask(plain)))
  expect((await threaded.summary(filter)).calls).toBe(133)
})

test('an invalid query has the same error as in the store itself', async () => {
  for (const store of [plain, threaded]) {
    await expect(store.calls({}, { limit: 0 })).rejects.toThrow('A page of 0 calls is not possible')
    await expect(store.calls({}, { cursor: 'x' })).rejects.toThrow(/^Unknown cursor/)
  }
  expect(await threaded.calls({})).toEqual({ calls: [] })
})

test('queries wait for their turn if there are more than threads', async () => {
  await threaded.write(calls(10))
  const answers = await Promise.all(Array.from({ length: 20 }, () => threaded.summary({})))
  expect(answers.map((totals) => totals.calls)).toEqual(Array(20).fill(6))
})

test('a closed store says that it is closed, also to queries in progress', async () => {
  const asked = Array.from({ length: 5 }, () => threaded.summary({}))
  const settled = Promise.allSettled(asked)
  await threaded.close()
  const reasons = (await settled).flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []))
  expect(reasons.length).toBeGreaterThan(0)
  for (const reason of reasons) expect(reason).toMatch(/is closed|ended \(it was stopped\)/)
  await expect(threaded.summary({})).rejects.toThrow('is closed')
})

test('a process that closes the store during queries ends', () => {
  const script = `
    import { openStore } from '@spanledger/store'
    for (let round = 0; round < 5; round += 1) {
      const store = await openStore({ path: process.argv[1], readingThreads: 2 })
      const asked = [store.summary({}), store.calls({}), store.sessions({})]
      for (const answer of asked) answer.catch(() => {})
      await asked[0]
      await store.close()
    }
    console.log('closed')`
  const given = [
    '--conditions=@spanledger/source',
    '--disable-warning=ExperimentalWarning',
    '--input-type=module',
    '-e',
  ]
  expect(execFileSync(process.execPath, [...given, script, path], { encoding: 'utf8', timeout: 60_000 })).toBe(
    'closed\n',
  )
})

test('a process that has its result ends, even if the store is not closed', () => {
  const script = `
    import { openStore } from '@spanledger/store'
    const store = await openStore({ path: process.argv[1], readingThreads: 2 })
    console.log((await store.summary({})).calls)`
  const given = [
    '--conditions=@spanledger/source',
    '--disable-warning=ExperimentalWarning',
    '--input-type=module',
    '-e',
  ]
  expect(execFileSync(process.execPath, [...given, script, path], { encoding: 'utf8', timeout: 30_000 })).toBe('0\n')
})
