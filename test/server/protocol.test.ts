import { BinaryReader } from '@bufbuild/protobuf/wire'
import { gzipSync } from 'node:zlib'
import { createServer, type Ingest } from '@spanledger/server'
import { createIngest, DEFAULT_LIMITS } from '@spanledger/server/ingest'
import { createContentPolicy } from '@spanledger/core'
import type { Store } from '@spanledger/store'
import { describe, expect, test } from 'vitest'
import { requestOf, toProtobuf } from './otlp-request.ts'
import { CHAT, genAISpan, startServer } from './test-server.ts'

const GOOD = requestOf([genAISpan('c', undefined, CHAT)])
const PROTOBUF = 'application/x-protobuf'
const JSON_TYPE = 'application/json'

/** A `google.rpc.Status`. */
function readStatus(bytes: Uint8Array): { code: number; message: string } {
  const reader = new BinaryReader(bytes)
  let code = 0
  let message = ''
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag()
    if (field === 1) code = reader.int32()
    else if (field === 2) message = reader.string()
    else reader.skip(type)
  }
  return { code, message }
}

async function statusOf(response: Response): Promise<{ code: number; message: string }> {
  const type = response.headers.get('content-type') ?? ''
  return type.startsWith(JSON_TYPE)
    ? ((await response.json()) as { code: number; message: string })
    : readStatus(new Uint8Array(await response.arrayBuffer()))
}

describe('a request that is refused has a Status in its own format', () => {
  test.each([
    ['garbage', 400, 3, PROTOBUF, Buffer.alloc(20, 0xff), {}],
    ['garbage', 400, 3, JSON_TYPE, Buffer.from('{'), {}],
    ['no content type', 415, 3, '', Buffer.from(''), {}],
    ['text', 415, 3, 'text/plain', Buffer.from('x'), {}],
    ['a form', 415, 3, 'application/x-www-form-urlencoded', Buffer.from('x=1'), {}],
    ['brotli', 415, 3, PROTOBUF, Buffer.from('x'), { 'content-encoding': 'br' }],
    ['two compressions', 415, 3, PROTOBUF, Buffer.from('x'), { 'content-encoding': 'gzip, gzip' }],
    ['what is not gzip', 400, 3, PROTOBUF, Buffer.from('plain'), { 'content-encoding': 'gzip' }],
    [
      'half a gzip',
      400,
      3,
      JSON_TYPE,
      gzipSync('{"resourceSpans":[]}').subarray(0, 18),
      { 'content-encoding': 'gzip' },
    ],
    ['a length beyond the limit', 413, 8, PROTOBUF, Buffer.from('x'), { 'content-length': String(2 ** 40) }],
  ])('%s: %i', async (_, status, code, type, body, headers) => {
    const { post } = await startServer()
    const response = await post('/v1/traces', new Uint8Array(body), { 'content-type': type, ...headers })
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toMatch(
      type === PROTOBUF ? /^application\/x-protobuf$/ : /^application\/json/,
    )
    expect(await statusOf(response)).toMatchObject({ code, message: expect.stringMatching(/\w{3}/) })
  })

  test.each(['GET', 'PUT', 'DELETE', 'PATCH'])('the method %s', async (method) => {
    const { server } = await startServer()
    const body = method === 'GET' ? null : '{}'
    const headers = { host: 'localhost', 'content-type': JSON_TYPE }
    const response = await server.app.request('/v1/traces', { method, headers, body })
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('POST')
    expect(await statusOf(response)).toMatchObject({ code: 12 })
  })
})

describe('a body that is too large', () => {
  test('after decompression is cut off', async () => {
    const { post } = await startServer({ limits: { expandedBytes: 1024 * 1024 } })
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(8 * 1024 * 1024)))
    const response = await post('/v1/traces', bomb, { 'content-type': PROTOBUF, 'content-encoding': 'gzip' })
    expect(response.status).toBe(413)
    expect(await statusOf(response)).toMatchObject({ code: 8 })
  })

  test('without a length is cut off', async () => {
    const { server } = await startServer({ limits: { expandedBytes: 100_000 } })
    let sent = 0
    const endless = new ReadableStream({
      pull(controller) {
        sent += 10_000
        controller.enqueue(new Uint8Array(10_000))
      },
    })
    // The DOM's type lacks it; fetch wants it for a body that streams.
    const streaming = { duplex: 'half' }
    const response = await server.app.request('/v1/traces', {
      method: 'POST',
      headers: { host: 'localhost', 'content-type': PROTOBUF },
      body: endless,
      ...streaming,
    })
    expect(response.status).toBe(413)
    expect(sent).toBeLessThan(300_000)
  })
})

describe('a server with too much at once', () => {
  test('asks those beyond its budget to come back, and takes them then', async () => {
    const made = await startServer()
    let release = (): void => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const own = createIngest({
      store: made.store,
      content: createContentPolicy({ mode: 'none' }),
      limits: DEFAULT_LIMITS,
      now: Date.now,
    })
    const slow: Ingest = { ...own, spans: async (...given) => held.then(() => own.spans(...given)) }
    const server = createServer({ store: made.store, ingest: slow, limits: { inFlightBytes: 1_000 } })
    const body = toProtobuf(requestOf(Array.from({ length: 10 }, () => genAISpan('c', undefined, CHAT))))
    const headers = { host: 'localhost', 'content-type': PROTOBUF, 'content-length': String(body.length) }
    const send = async () => server.app.request('/v1/traces', { method: 'POST', headers, body })
    const first = send()
    await new Promise((resolve) => setImmediate(resolve))
    const second = await send()
    expect(second.status).toBe(429)
    expect(second.headers.get('retry-after')).toBe('1')
    release()
    expect((await first).status).toBe(200)
    expect((await send()).status).toBe(200)
    await server.close()
  })

  test('says so when its database takes nothing, without saying what the database says', async () => {
    const made = await startServer()
    const problems: unknown[] = []
    const broken: Store = {
      ...made.store,
      write: async () => Promise.reject(new Error('disk /var/lib full: INSERT INTO calls')),
    }
    const server = createServer({ store: broken, onError: (problem) => void problems.push(problem) })
    const send = async (type: string, body: Uint8Array<ArrayBuffer> | string, path = '/v1/traces') =>
      server.app.request(path, { method: 'POST', headers: { host: 'localhost', 'content-type': type }, body })
    const traces = await send(PROTOBUF, toProtobuf(GOOD))
    expect(traces.status).toBe(503)
    expect(Number(traces.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await statusOf(traces)).toEqual({ code: 14, message: 'The database cannot store calls at the moment' })
    expect(String(problems[0])).toContain('disk /var/lib full')
    await server.close()
  })
})
