import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createBudgetWatch } from '@spanledger/server'
import { afterEach, describe, expect, test } from 'vitest'
import { call } from '../builders.ts'
import { DATABASES } from '../store/stores.ts'
import { startWebhook } from './webhook.ts'

const WATCHER = fileURLToPath(new URL('./apps/budget-watcher.ts', import.meta.url))

const ended: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end()
})

/** A process that watches budgets; the function kills it. */
function startWatcher(url: string): () => Promise<void> {
  const child = spawn(process.execPath, ['--conditions=@spanledger/source', WATCHER, url], { stdio: 'inherit' })
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  ended.push(kill)
  return kill
}

describe.each(DATABASES)('a warning on $name', ({ create }) => {
  test('that a killed process was about to tell again is told by the next one, once', async () => {
    const database = await create()
    ended.push(() => database.remove())
    const store = await database.open()
    const hook = await startWebhook()
    ended.push(() => hook.close())
    const budget = { name: 'all', scope: {}, period: 'month', tz: 'UTC', limitNanoUsd: 1e9 } as const
    await store.createBudget({ ...budget, webhookUrl: hook.url })
    await store.write([call({ started_at: Date.now(), ended_at: Date.now(), cost_nano_usd: 0.6e9 })])

    hook.statuses.push(500)
    const kill = startWatcher(database.url)
    await expect.poll(() => hook.bodies.length, { timeout: 15_000 }).toBe(1)
    await kill()
    expect((await store.budgets())[0]?.lastWarning).toBeNull()

    startWatcher(database.url)
    await expect.poll(() => hook.bodies.length, { timeout: 15_000 }).toBe(2)
    await expect.poll(async () => (await store.budgets())[0]?.lastWarning, { timeout: 5_000 }).toBe(50)
    const third = createBudgetWatch({ store })
    await third.check()
    await third.close()
    expect(hook.bodies.map(({ percent }) => percent)).toEqual([50, 50])
  }, 40_000)
})
