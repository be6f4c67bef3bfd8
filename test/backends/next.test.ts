import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { packPackages } from '../../scripts/pack-packages.ts'
import { type ProviderServer, startProviderServer } from '../provider-server/index.ts'
import { type RequestRecorder, startRequestRecorder } from '../setups/request-recorder.ts'
import { query } from '../spanledger/run-app.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const EXAMPLE = join(ROOT, 'examples/next')

// The newest minors of the two newest majors of both.
const NEXT = { 16: '16.4.6', 15: '15.5.29' } as const
const AI = {
  7: { ai: '7.0.173', '@ai-sdk/openai': '4.0.118', '@ai-sdk/otel': '1.0.173' },
  6: { ai: '6.0.326', '@ai-sdk/openai': '3.0.141' },
} as const

let packed: string
let tarballs: readonly string[]

beforeAll(async () => {
  await promisify(execFile)(join(ROOT, 'node_modules/.bin/tsc'), ['-b', 'packages/spanledger'], { cwd: ROOT })
  packed = await mkdtemp(join(tmpdir(), 'spanledger-packed-'))
  tarballs = await packPackages(ROOT, packed)
})

afterAll(() => rm(packed, { recursive: true, force: true }))

describe.each([
  { next: 16, ai: 7 },
  { next: 16, ai: 6 },
  { next: 15, ai: 7 },
  { next: 15, ai: 6 },
] as const)('Next.js $next with AI SDK $ai, built and started', ({ next, ai }) => {
  let folder: string
  let server: ProviderServer
  let recorder: RequestRecorder
  let application: ChildProcess
  let url: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spanledger-next-'))
    await cp(EXAMPLE, folder, { recursive: true })
    await writeFile(join(folder, 'package.json'), await manifestFor(next, ai))
    const environment = withoutNpm()
    const run = (command: string, ...parameters: readonly string[]) =>
      promisify(execFile)(command, [...parameters], { cwd: folder, env: environment })
    await run(
      'npm',
      'install',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--prefer-offline',
      '--loglevel=error',
      ...tarballs,
    )
    await run(process.execPath, 'node_modules/next/dist/bin/next', 'build')
    server = await startProviderServer()
    recorder = await startRequestRecorder()
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    application = spawn(
      process.execPath,
      ['node_modules/next/dist/bin/next', 'start', '--hostname', '127.0.0.1', '--port', `${port}`],
      {
        cwd: folder,
        env: {
          ...environment,
          OPENAI_API_KEY: 'test',
          OPENAI_BASE_URL: server.openai,
          OTEL_EXPORTER_OTLP_ENDPOINT: recorder.url,
          OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
          OTEL_BSP_SCHEDULE_DELAY: '100',
        },
        stdio: 'ignore',
      },
    )
    await until(() =>
      fetch(url).then(
        () => true,
        () => false,
      ),
    )
  })

  afterEach(() => server.reset())

  afterAll(async () => {
    application.kill('SIGKILL')
    await server.close()
    await recorder.close()
    await rm(folder, { recursive: true, force: true })
  })

  test('a route handler has its row when `after` has flushed, and each span once', async () => {
    const response = await fetch(`${url}/ask?user=ada`)
    expect(await response.text()).toBe(server.calls()[0]?.text)
    expect(await rowsOf('ada')).toEqual([{ operation: 'ask', status: 'ok', ...billed(server) }])
    await until(() => spansNamed('chat ').length > 0)
    expect(spansNamed('chat ')).toHaveLength(1)
    expect(new Set(ids()).size).toBe(ids().length)
  })

  test('a streamed answer has its row', async () => {
    const response = await chat({ userId: 'bob', prompt: 'Hello' })
    expect(await response.text()).toBe(server.calls()[0]?.text)
    expect(await rowsOf('bob')).toEqual([{ operation: 'chat', status: 'ok', ...billed(server) }])
  })

  test('a client that goes away in the middle of a stream leaves a whole row', async () => {
    const controller = new AbortController()
    const prompt = '[[scenario: long=100 slow=5]]'
    const response = await chat({ userId: 'eve', prompt }, controller.signal)
    await response.body?.getReader().read()
    controller.abort()
    await server.idle()
    expect(await rowsOf('eve')).toEqual([{ operation: 'chat', status: 'ok', ...billed(server) }])
  })

  const chat = (body: object, signal?: AbortSignal) =>
    fetch(`${url}/chat`, { method: 'POST', body: JSON.stringify(body), ...(signal === undefined ? {} : { signal }) })

  const ids = () => recorder.spans('/v1/traces').map(({ spanId }) => spanId)
  const spansNamed = (start: string) => recorder.spans('/v1/traces').filter(({ name }) => name.startsWith(start))

  async function rowsOf(user: string): Promise<readonly Record<string, unknown>[]> {
    const read = () =>
      query(
        join(folder, '.spanledger/usage.db'),
        `select operation, status, input_tokens, output_tokens from calls where billable = 1 and user_id = '${user}'`,
      )
    await until(() => {
      try {
        return read().length > 0
      } catch {
        // The file is not there yet.
        return false
      }
    })
    return read()
  }
})

function billed(server: ProviderServer): Record<string, unknown> {
  const usage = server.calls()[0]?.billed
  return { input_tokens: usage?.inputTokens, output_tokens: usage?.outputTokens }
}

async function manifestFor(next: keyof typeof NEXT, ai: keyof typeof AI): Promise<string> {
  const manifest = JSON.parse(await readFile(join(EXAMPLE, 'package.json'), 'utf8'))
  const { spanledger: _, ...rest } = manifest.dependencies
  const dependencies = { ...rest, next: NEXT[next], ...AI[ai] }
  if (ai === 6) delete dependencies['@ai-sdk/otel']
  return JSON.stringify({ ...manifest, dependencies })
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`It did not come true within a minute: ${isTrue.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

// `npm run` hands down its own folder, in which the inner npm would install, and vitest its own settings.
function withoutNpm(): NodeJS.ProcessEnv {
  const own =
    /^(npm_(package|lifecycle|command)|npm_config_(workspaces?|local_prefix|prefix|global|omit)$|VITEST|NODE_|OTEL_|SPANLEDGER_)/i
  const kept = Object.entries(process.env).filter(([name]) => !own.test(name))
  return { ...Object.fromEntries(kept), NEXT_TELEMETRY_DISABLED: '1' } as NodeJS.ProcessEnv // next sets NODE_ENV
}
