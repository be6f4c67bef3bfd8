import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openStore } from '@spanledger/store'
import { afterEach, describe, expect, test } from 'vitest'
import { emptyFolder, runCli } from '../spanledger/run-cli.ts'
import { requestOf, toProtobuf } from './otlp-request.ts'
import { CHAT, genAISpan, spanId } from './test-server.ts'

const MAIN = fileURLToPath(new URL('../../packages/spanledger/src/main.ts', import.meta.url))

const running: ChildProcess[] = []
afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
})

interface Serving {
  readonly child: ChildProcess
  readonly url: string
  readonly path: string
  notes(): string
}

async function serve(
  parameters: readonly string[] = ['--port', '0'],
  env: Record<string, string> = {},
): Promise<Serving> {
  const folder = emptyFolder()
  const path = join(folder, 'usage.db')
  const child = spawn(
    process.execPath,
    ['--conditions=@spanledger/source', MAIN, 'serve', '--db', `file:${path}`, ...parameters],
    { cwd: folder, env: { PATH: process.env['PATH'], ...env } },
  )
  running.push(child)
  let notes = ''
  child.stderr.on('data', (chunk: Buffer) => (notes += chunk.toString()))
  const [line] = (await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error(notes))),
  ])) as [Buffer]
  return { child, url: line.toString().trim(), path, notes: () => notes }
}

async function rowsOf(path: string): Promise<string[]> {
  const store = await openStore({ path, readOnly: true })
  try {
    const { calls } = await store.calls({}, { limit: 1000 })
    return calls.map((call) => call.span_id).sort()
  } finally {
    await store.close()
  }
}

async function send(url: string, id: string): Promise<number> {
  const { status } = await fetch(`${url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: toProtobuf(requestOf([genAISpan(id, undefined, CHAT)])),
  })
  return status
}

describe('spanledger serve', () => {
  test('prints its address first, then what to paste', async () => {
    const { url, notes } = await serve()
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(await send(url, 'c')).toBe(200)
    expect(notes()).toContain(`OTEL_EXPORTER_OTLP_ENDPOINT=${url}\n`)
  })

  test('has stored what it answered, even if it is killed the moment after', async () => {
    const { child, url, path } = await serve()
    const ids = ['1', '2', '3', '4', '5', '6', '7', '8']
    const answered = await Promise.all(ids.map((id) => send(url, id)))
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(answered).toEqual(ids.map(() => 200))
    expect(await rowsOf(path)).toEqual(ids.map(spanId))
  })

  test('ends when it is asked to, and says so by its exit code', async () => {
    const { child, url, path } = await serve()
    await send(url, 'c')
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(await rowsOf(path)).toEqual([spanId('c')])
  })

  test('does not take a port that was named and is taken', async () => {
    const { url } = await serve()
    const { port } = new URL(url)
    const { code, stderr } = await runCli(['serve', '--port', port])
    expect(code).toBe(1)
    expect(stderr).toContain(`Port ${port} is taken`)
  })

  test.each([
    [['--host', '0.0.0.0', '--port', '0'], /needs a token of at least 32 characters/],
    [['--host', '0.0.0.0', '--port', '0', '--token', 'short'], /at least 32/],
    [['--port', '99999'], /0 .*to 65535/],
    [['--port', 'http'], /0 .*to 65535/],
    [['--jaeger-url', 'localhost'], /no address/],
  ])('%j is wrong usage', async (parameters, message) => {
    const { code, stderr } = await runCli(['serve', ...parameters])
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(message) })
  })

  test('takes tokens of several scopes from the environment, and shows none of them', async () => {
    const [ingest, read] = ['i'.repeat(32), 'r'.repeat(32)]
    const { url, notes } = await serve(['--port', '0'], { SPANLEDGER_TOKENS: `ingest:${ingest}, read@web:${read}` })
    const ask = async (path: string, token?: string) =>
      (await fetch(url + path, { headers: token === undefined ? {} : { authorization: `Bearer ${token}` } })).status
    expect(await Promise.all([ask('/api/calls'), ask('/api/calls', ingest), ask('/api/calls', read)])).toEqual([
      401, 403, 200,
    ])
    expect(notes()).not.toMatch(/i{32}|r{32}/)
  })
})
