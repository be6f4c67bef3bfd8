import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ProviderServer, startProviderServer } from '../../provider-server/index.ts'
import { query, runApp } from '../run-app.ts'
import { emptyFolder } from '../run-cli.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const README = readFileSync(join(ROOT, 'README.md'), 'utf8')

let server: ProviderServer
beforeEach(async () => {
  server = await startProviderServer()
})
afterEach(() => server.close())

/** The one block of TypeScript in README in which this text stands. */
function blockWith(text: string): string {
  const blocks = [...README.matchAll(/```ts\n(.*?)```/gs)].flatMap(([, code = '']) =>
    code.includes(text) ? [code] : [],
  )
  expect(blocks).toHaveLength(1)
  return blocks[0]!
}

/** Runs README's set-up and README's gate, with calls in between. */
async function runGate(calls: string, env: Readonly<Record<string, string>> = {}) {
  const folder = emptyFolder()
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(
    join(folder, 'telemetry.mjs'),
    blockWith("register({ serviceName: 'shop', database: 'file:usage.db' })"),
  )
  writeFileSync(join(folder, 'gate.ts'), blockWith('mayGoOn'))
  writeFileSync(
    join(folder, 'app.mjs'),
    `import { telemetry } from './telemetry.mjs'
    import { mayGoOn } from './gate.ts'
    import { createOpenAI } from '@ai-sdk/openai'
    import { generateText } from 'ai'
    import { withUsage } from 'spanledger'
    const openai = createOpenAI({ apiKey: 'test', baseURL: ${JSON.stringify(server.openai)} })
    const ask = () =>
      withUsage({ userId: 'ada' }, () => generateText({ model: openai('gpt-5-mini'), prompt: 'Hello', maxRetries: 0 }))
    const said = [await mayGoOn('ada')]
    ${calls}
    console.log(JSON.stringify(said))
    await telemetry.shutdown()`,
  )
  const run = await runApp({
    app: 'app.mjs',
    root: folder,
    folder,
    inItsFolder: true,
    preload: false,
    env: { SPANLEDGER_DATABASE: '', ...env },
  })
  expect(run.stderr).toBe('')
  return { said: JSON.parse(run.stdout) as unknown[], database: join(folder, 'usage.db') }
}

const NOTHING = { isAllowed: true, costUsd: 0, openCalls: 0 }

test("README's gate answers from the database that README's register names", async () => {
  const { said, database } = await runGate(`await Promise.all([ask(), ask(), ask()]); said.push(await mayGoOn('ada'))`)
  const [{ cost, calls }] = query(
    database,
    'select sum(cost_nano_usd) as cost, count(*) as calls from calls where billable',
  ) as [{ cost: number; calls: number }]
  expect(calls).toBe(server.calls().length)
  expect(cost).toBeGreaterThan(0)
  expect(said).toEqual([NOTHING, { isAllowed: true, costUsd: cost / 1e9, openCalls: 0 }])
})

test("README's gate knows of calls that were started the moment before", async () => {
  const { said } = await runGate(`
    const calls = Array.from({ length: 20 }, ask)
    said.push(await mayGoOn('ada'), await mayGoOn('grace'))
    await Promise.all(calls)`)
  expect(server.calls()).toHaveLength(20)
  expect(said).toEqual([NOTHING, { isAllowed: false, costUsd: 0, openCalls: 20 }, NOTHING])
})

test("README's gate lets everybody through where recording is turned off", async () => {
  const { said, database } = await runGate(`await ask(); said.push(await mayGoOn('ada'))`, {
    SPANLEDGER_ENABLED: 'false',
  })
  expect(said).toEqual([NOTHING, NOTHING])
  expect(existsSync(database)).toBe(false)
})
