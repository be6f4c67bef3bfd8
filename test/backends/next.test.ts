import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { packPackages } from '../../scripts/pack-packages.ts'
import { type ProviderServer, startProviderServer } from '../provider-server/index.ts'
import { type RequestRecorder, startRequestRecorder } from '../setups/request-recorder.ts'
import { query } from '../spanledger/run-app.ts'
import { freePort } from './free-port.ts'
import { createLedgerProcess, INGEST_TOKEN, type LedgerProcess } from './ledger-process.ts'
import { until } from './until.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const EXAMPLE = join(ROOT, 'examples/next')

const NEXT_BIN = 'node_modules/next/dist/bin/next'
const OUR_VERSION = '0.1.0'

// The newest minors of the two newest majors. The example itself has AI SDK 7.
const NEXT = {
  16: { next: '16.4.6' },
  // It checks types with a TypeScript that has an API in JavaScript.
  15: { next: '15.5.29', typescript: '5.9.3' },
} as const
const AI_6 = { ai: '6.0.326', '@ai-sdk/openai': '3.0.141', '@ai-sdk/otel': undefined }

let packed: string
let tarballs: readonly string[]

beforeAll(async () => {
  await promisify(execFile)(join(ROOT, 'node_modules/.bin/tsc'), ['-b', 'packages/spanledger'], { cwd: ROOT })
  packed = await mkdtemp(join(tmpdir(), 'spanledger-packed-'))
  tarballs = await packPackages(ROOT, packed)
})

afterAll(() => rm(packed, { recursive: true, force: true }))

describe.each([16, 15] as const)('Next.js %i', (next) => {
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spanledger-next-'))
    await cp(EXAMPLE, folder, { recursive: true })
    await writeManifest(folder, NEXT[next])
    await install(folder, ...tarballs)
  })

  afterAll(() => rm(folder, { recursive: true, force: true }))

  describe.each([7, 6] as const)('with AI SDK %i, built and started', (ai) => {
    let server: ProviderServer
    let recorder: RequestRecorder
    let ledger: LedgerProcess
    let application: ChildProcess | undefined
    let url: string

    beforeAll(async () => {
      if (ai === 6) await goBackToAI6(folder)
      await promisify(execFile)(process.execPath, [NEXT_BIN, 'build'], { cwd: folder, env: withoutNpm() })
      server = await startProviderServer()
      recorder = await startRequestRecorder()
      ledger = createLedgerProcess({
        host: '127.0.0.1',
        port: await freePort(),
        database: `file:${join(folder, `edge-${ai}.db`)}`,
      })
      await ledger.start()
      const port = await freePort()
      url = `http://127.0.0.1:${port}`
      application = spawn(process.execPath, [NEXT_BIN, 'start', '--hostname', '127.0.0.1', '--port', `${port}`], {
        cwd: folder,
        env: {
          ...withoutNpm(),
          OPENAI_API_KEY: 'test',
          OPENAI_BASE_URL: server.openai,
          OTEL_EXPORTER_OTLP_ENDPOINT: recorder.url,
          OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
          OTEL_BSP_SCHEDULE_DELAY: '100',
          SPANLEDGER_DATABASE: `file:${join(folder, `usage-${ai}.db`)}`,
          SPANLEDGER_URL: ledger.url,
          SPANLEDGER_TOKEN: INGEST_TOKEN,
        },
        stdio: 'ignore',
      })
      await until(async () => (await fetch(url)).status > 0, 'Next.js answers')
    })

    afterEach(() => server.reset())

    afterAll(async () => {
      application?.kill('SIGKILL')
      await ledger?.kill()
      await server?.close()
      await recorder?.close()
    })

    test('a route handler has its row when `after` has flushed, and each span once', async () => {
      const response = await fetch(`${url}/ask?user=ada`)
      expect(await response.text()).toBe(server.calls()[0]?.text)
      expect(await rowsOf('usage', 'ada')).toEqual([{ operation: 'ask', status: 'ok', ...billed(server) }])
      await until(() => spansNamed('chat ').length > 0, 'the span is exported')
      expect(spansNamed('chat ')).toHaveLength(1)
      expect(new Set(ids()).size).toBe(ids().length)
    })

    test('a streamed answer has its row', async () => {
      const response = await chat({ userId: 'bob', prompt: 'Hello' })
      expect(await response.text()).toBe(server.calls()[0]?.text)
      expect(await rowsOf('usage', 'bob')).toEqual([{ operation: 'chat', status: 'ok', ...billed(server) }])
    })

    test('a client that goes away in the middle of a stream leaves a whole row', async () => {
      const controller = new AbortController()
      const prompt = '[[scenario: long=100 slow=5]]'
      const response = await chat({ userId: 'eve', prompt }, controller.signal)
      await response.body?.getReader().read()
      controller.abort()
      await server.idle()
      expect(await rowsOf('usage', 'eve')).toEqual([{ operation: 'chat', status: 'ok', ...billed(server) }])
    })

    test('an edge route posts its row to a server', async () => {
      const response = await fetch(`${url}/edge?user=dan`)
      expect(await response.text()).toBe(server.calls()[0]?.text)
      expect(await rowsOf('edge', 'dan')).toEqual([{ operation: 'edge', status: 'ok', ...billed(server) }])
    })

    const chat = (body: object, signal?: AbortSignal) =>
      fetch(`${url}/chat`, { method: 'POST', body: JSON.stringify(body), ...(signal === undefined ? {} : { signal }) })

    const ids = () => recorder.spans('/v1/traces').map(({ spanId }) => spanId)
    const spansNamed = (start: string) => recorder.spans('/v1/traces').filter(({ name }) => name.startsWith(start))

    async function rowsOf(database: 'usage' | 'edge', user: string): Promise<readonly Record<string, unknown>[]> {
      const read = () =>
        query(
          join(folder, `${database}-${ai}.db`),
          `select operation, status, input_tokens, output_tokens from calls where billable = 1 and user_id = '${user}'`,
        )
      await until(() => read().length > 0, `${user} has a row`)
      return read()
    }
  })
})

function billed(server: ProviderServer): Record<string, unknown> {
  const usage = server.calls()[0]?.billed
  return { input_tokens: usage?.inputTokens, output_tokens: usage?.outputTokens }
}

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
}

// What is undefined goes.
async function writeManifest(folder: string, changed: Readonly<Record<string, string | undefined>>): Promise<void> {
  const path = join(folder, 'package.json')
  const manifest = JSON.parse(await readFile(path, 'utf8')) as Manifest
  const devDependencies = Object.fromEntries(
    Object.entries(manifest.devDependencies).filter(([name]) => !(name in changed)),
  )
  // The tarballs are ours; the registry is not asked for them.
  const ours = Object.entries(manifest.dependencies).filter(([, version]) => version !== OUR_VERSION)
  await writeFile(
    path,
    JSON.stringify({ ...manifest, devDependencies, dependencies: { ...Object.fromEntries(ours), ...changed } }),
  )
}

async function install(folder: string, ...packages: readonly string[]): Promise<void> {
  const flags = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']
  await promisify(execFile)('npm', [...flags, ...packages], { cwd: folder, env: withoutNpm() })
}

// Its calls say themselves that they want telemetry, and it knows no registerTelemetry.
async function goBackToAI6(folder: string): Promise<void> {
  await writeManifest(folder, AI_6)
  await install(folder)
  const path = join(folder, 'app/edge/telemetry.ts')
  const lines = (await readFile(path, 'utf8')).split('\n')
  await writeFile(path, lines.filter((line) => !/registerTelemetry|@ai-sdk\/otel/.test(line)).join('\n'))
}

// `npm run` hands down its own folder, in which the inner npm would install, and vitest its own settings.
function withoutNpm(): NodeJS.ProcessEnv {
  const own =
    /^(npm_(package|lifecycle|command)|npm_config_(workspaces?|local_prefix|prefix|global|omit)$|VITEST|NODE_(ENV|OPTIONS|PATH)|OTEL_|SPANLEDGER_)/i
  const kept = Object.entries(process.env).filter(([name]) => !own.test(name))
  return { ...Object.fromEntries(kept), NEXT_TELEMETRY_DISABLED: '1' }
}
