import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { packPackages } from '../../scripts/pack-packages.ts'
import { type Application, installApplication } from '../packages/install-application.ts'
import { type ProviderServer, startProviderServer } from '../provider-server/index.ts'
import { query } from '../spanledger/run-app.ts'

const ROOT = join(import.meta.dirname, '../..')
const LIMIT_MS = 120_000

let packed: string
let application: Application
let provider: ProviderServer

beforeAll(async () => {
  await promisify(execFile)(join(ROOT, 'node_modules/.bin/tsc'), ['-b', 'packages/spanledger'], { cwd: ROOT })
  packed = mkdtempSync(join(tmpdir(), 'spanledger-packed-'))
  const names = ['@opentelemetry/api', '@opentelemetry/sdk-node']
  const versions = { ...(await import('../../package.json', { with: { type: 'json' } })).default.devDependencies }
  const dependencies = Object.fromEntries(names.map((name) => [name, versions[name as keyof typeof versions]]))
  application = await installApplication(await packPackages(ROOT, packed), dependencies)
  cpSync(join(import.meta.dirname, 'application'), application.folder, { recursive: true })
}, LIMIT_MS)

afterAll(() => {
  for (const folder of [packed, application.folder]) rmSync(folder, { recursive: true, force: true })
})

beforeEach(async () => {
  provider = await startProviderServer()
})

afterEach(async () => {
  await provider.close()
  rmSync(join(application.folder, '.spanledger'), { recursive: true, force: true })
})

const JEST = [join(import.meta.dirname, 'node_modules/jest/bin/jest.js'), '--runInBand']
const JSDOM = join(import.meta.dirname, 'jsdom.cjs')
const RUNNERS = [
  { runner: 'Vitest', command: [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run'] },
  { runner: 'Jest', command: JEST },
  { runner: 'Jest with jsdom', command: [...JEST, '--env', JSDOM] },
]

describe.each([4, 5, 6, 7])('AI SDK %i', (major) => {
  beforeAll(() => useMajor(major))

  test.each(RUNNERS)(
    'under $runner every call of every test file is recorded',
    async ({ command }) => {
      const { folder, spanledger } = application
      const { stderr } = await promisify(execFile)(process.execPath, [...command], {
        cwd: folder,
        env: {
          PATH: process.env['PATH'],
          HOME: process.env['HOME'],
          NODE_OPTIONS: '--experimental-vm-modules',
          PROVIDER_URL: provider.openai,
        },
      })
      expect(stderr).not.toContain('SpanledgerWarning')
      // What a runner ended before it was stored.
      await spanledger('drain')
      const calls = provider.calls()
      expect(calls).toHaveLength(3)
      const rows = query(
        join(folder, '.spanledger/usage.db'),
        'select response_id, input_tokens, output_tokens, status from calls where billable = 1 order by response_id',
      )
      expect(rows).toEqual(
        calls
          .map(({ responseId, billed }) => ({
            response_id: responseId,
            input_tokens: billed?.inputTokens,
            output_tokens: billed?.outputTokens,
            status: 'ok',
          }))
          .sort((a, b) => `${a.response_id}`.localeCompare(`${b.response_id}`)),
      )
    },
    LIMIT_MS,
  )
})

// The packages of a major are installed where its other tests are.
function useMajor(major: number): void {
  const from = join(ROOT, major === 7 ? '' : `test/conformance/ai-${major}`, 'node_modules')
  const to = join(application.folder, 'node_modules')
  mkdirSync(to, { recursive: true })
  for (const name of ['ai', '@ai-sdk', 'zod']) {
    rmSync(join(to, name), { recursive: true, force: true })
    symlinkSync(join(from, name), join(to, name))
  }
}
