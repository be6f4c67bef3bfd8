import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { dashboardFolder } from '@spanledger/dashboard'
import { openStore } from '@spanledger/store'
import { describe, expect, test } from 'vitest'
import { runCli } from '../spanledger/run-cli.ts'
import { requestOf, toProtobuf } from './otlp-request.ts'
import { serve } from './serve.ts'
import { CHAT, genAISpan, spanId } from './test-server.ts'

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
    [['--jaeger', 'localhost'], /--jaeger "localhost" must be a URL/],
    [['--jaeger-url', 'localhost'], /must be a URL/],
  ])('%j is wrong usage', async (parameters, message) => {
    const { code, stderr } = await runCli(['serve', ...parameters])
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(message) })
  })

  test('serves the dashboard, or says that it is not built', async () => {
    const isBuilt = existsSync(new URL('index.html', dashboardFolder))
    const { url, notes } = await serve()
    expect((await fetch(url)).status).toBe(isBuilt ? 200 : 404)
    expect(notes().includes('The dashboard is not built')).toBe(!isBuilt)
  })

  test('takes tokens of several scopes from the environment, and shows none of them', async () => {
    const [ingest, read] = ['i'.repeat(32), 'r'.repeat(32)]
    const { url, notes } = await serve({ env: { SPANLEDGER_TOKENS: `ingest:${ingest}, read@web:${read}` } })
    const ask = async (path: string, token?: string) =>
      (await fetch(url + path, { headers: token === undefined ? {} : { authorization: `Bearer ${token}` } })).status
    expect(await Promise.all([ask('/api/calls'), ask('/api/calls', ingest), ask('/api/calls', read)])).toEqual([
      401, 403, 200,
    ])
    expect(notes()).not.toMatch(/i{32}|r{32}/)
  })
})
