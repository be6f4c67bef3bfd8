import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { createServer, type Ingest, startIngestWorker } from '@spanledger/server'
import { requestOf, toProtobuf } from './otlp-request.ts'
import { CHAT, genAISpan, spanId, startServer, type TestServer } from './test-server.ts'

const MIB = 1024 * 1024
const PROTOBUF = { 'content-type': 'application/x-protobuf' }
const GZIP = { ...PROTOBUF, 'content-encoding': 'gzip' }
const JSON_TYPE = { 'content-type': 'application/json' }

const ended: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end()
})

/** A server on a port, with its ingest in a thread of its own. */
async function startWhole(
  limits: Parameters<typeof createServer>[0]['limits'] = {},
): Promise<TestServer & { readonly url: string; readonly port: number }> {
  const made = await startServer()
  const ingest: Ingest = await startIngestWorker({ database: { path: made.path }, limits })
  const server = createServer({ store: made.store, ingest, limits })
  ended.push(() => server.close())
  const { url, port } = await server.listen({ port: 0 })
  return { ...made, server, url, port }
}

async function post(
  url: string,
  body: Uint8Array<ArrayBuffer> | string,
  headers: Record<string, string>,
): Promise<number> {
  const response = await fetch(`${url}/v1/traces`, { method: 'POST', body, headers })
  await response.arrayBuffer()
  return response.status
}

async function isHealthy(url: string): Promise<boolean> {
  const { status } = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(5_000) })
  return status === 200
}

const GOOD = toProtobuf(requestOf([genAISpan('c', undefined, CHAT)]))

test('bombs are cut off while others are served', async () => {
  const { url, rows } = await startWhole()
  const bomb = new Uint8Array(gzipSync(Buffer.alloc(256 * MIB)))
  const before = process.memoryUsage.rss()
  const bombs = Promise.all(Array.from({ length: 20 }, () => post(url, bomb, GZIP)))
  expect(await isHealthy(url)).toBe(true)
  for (const status of await bombs) expect([413, 429]).toContain(status)
  // All twenty would be 5 GiB.
  expect(process.memoryUsage.rss() - before).toBeLessThan(600 * MIB)
  expect(await post(url, GOOD, PROTOBUF)).toBe(200)
  expect(Object.keys(await rows())).toEqual([spanId('c')])
})

test.each([
  [
    'a million different names',
    400,
    () => `{${Array.from({ length: 1_000_000 }, (_, index) => `"name${index}":1`).join(',')}}`,
  ],
  ['lists in lists', 400, () => '['.repeat(1_000_000)],
  ['garbage', 400, () => 'x'.repeat(10 * MIB)],
  [
    'a million spans that are none',
    200,
    () => `{"resourceSpans":[{"scopeSpans":[{"spans":[${'{},'.repeat(1_000_000)}{}]}]}]}`,
  ],
])('JSON of %s is answered with %i while others are served', async (_, status, bodyOf) => {
  const { url } = await startWhole()
  const body = bodyOf()
  const hostile = Promise.all([post(url, body, JSON_TYPE), post(url, body, JSON_TYPE)])
  expect(await isHealthy(url)).toBe(true)
  expect(await hostile).toEqual([status, status])
  expect(await post(url, GOOD, PROTOBUF)).toBe(200)
})

describe('a client that is too slow', () => {
  const LIMITS = { headersTimeoutMs: 1_000, requestTimeoutMs: 2_000 }

  async function endOf(port: number, start: string): Promise<string> {
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    socket.on('data', (chunk) => (answer += chunk.toString()))
    socket.on('error', () => {})
    socket.write(start)
    const drip = setInterval(() => socket.write('x'), 200)
    await new Promise((resolve) => socket.on('close', resolve))
    clearInterval(drip)
    return answer
  }

  test.each([
    ['in its headers', 'POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nX-Slow: '],
    [
      'in its body',
      'POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-protobuf\r\nContent-Length: 1000000\r\n\r\n',
    ],
  ])('%s is cut off', async (_, start) => {
    const { port, url } = await startWhole(LIMITS)
    const ends = Promise.all(Array.from({ length: 50 }, () => endOf(port, start)))
    expect(await isHealthy(url)).toBe(true)
    for (const answer of await ends) expect(answer).toMatch(/^$|^HTTP\/1\.1 (?:408|400)/)
    expect(await post(url, GOOD, PROTOBUF)).toBe(200)
  })

  test('or goes away in the middle of its body gives back what it held', async () => {
    const { port, url } = await startWhole({ inFlightBytes: 100_000 })
    for (let round = 0; round < 20; round += 1) {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => {})
      socket.write(
        'POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-protobuf\r\nContent-Length: 90000\r\n\r\nabc',
      )
      await sleep(10)
      socket.destroy()
      await new Promise((resolve) => socket.on('close', resolve))
    }
    let status = 429
    for (let attempt = 0; attempt < 50 && status === 429; attempt += 1) {
      status = await post(url, GOOD, PROTOBUF)
      if (status === 429) await sleep(50)
    }
    expect(status).toBe(200)
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('spanledger_ingest_in_flight_bytes 0\n')
  })
})

test('a server that is closed finishes what it has begun', async () => {
  const { server, url, rows } = await startWhole()
  const spans = Array.from({ length: 3_000 }, (_, index) => ({
    ...genAISpan('c', undefined, CHAT),
    spanId: (index + 1).toString(16).padStart(16, '0'),
  }))
  const sent = post(url, toProtobuf(requestOf(spans)), PROTOBUF)
  await sleep(30)
  await server.close()
  expect(await sent).toBe(200)
  expect(Object.keys(await rows())).toHaveLength(1_000) // a page
  await expect(fetch(`${url}/healthz`)).rejects.toThrow('fetch failed')
})
