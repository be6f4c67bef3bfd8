import { createServer as createHttpServer } from 'node:http'
import { gzipSync } from 'node:zlib'
import { toCallLine } from '@spanledger/core'
import { httpSink } from '@spanledger/otel'
import { hashToken } from '@spanledger/server'
import { afterEach, describe, expect, test } from 'vitest'
import { call } from '../builders.ts'
import { spanId, startServer } from './test-server.ts'

const NDJSON = { 'content-type': 'application/x-ndjson' }

function callOf(id: string, differences: Parameters<typeof call>[0] = {}): ReturnType<typeof call> {
  return call({ span_id: spanId(id), run_id: spanId(id), ...differences })
}

describe('POST /api/calls', () => {
  test('stores lines once, however often they come', async () => {
    const { post, rows } = await startServer()
    const body = [callOf('a'), callOf('b')].map(toCallLine).join('\n')
    expect(await (await post('/api/calls', body, NDJSON)).json()).toEqual({ stored: 2, deduplicated: 0, rejected: [] })
    const again = await post('/api/calls', new Uint8Array(gzipSync(`${body}\n`)), {
      ...NDJSON,
      'content-encoding': 'gzip',
    })
    expect(await again.json()).toEqual({ stored: 0, deduplicated: 2, rejected: [] })
    expect(Object.keys(await rows()).sort()).toEqual([spanId('a'), spanId('b')])
  })

  test('says which lines it does not take, and stores the others', async () => {
    const { post, rows } = await startServer()
    const lines = [
      'no JSON',
      '',
      toCallLine(callOf('a')),
      '[]',
      JSON.stringify({ ...callOf('b'), input_tokens: -1 }),
      JSON.stringify({ trace_id: 'x' }),
      toCallLine(callOf('c', { content: null })),
    ]
    const answer = (await (await post('/api/calls', lines.join('\n'), NDJSON)).json()) as {
      stored: number
      rejected: { line: number; reason: string }[]
    }
    expect(answer.stored).toBe(2)
    expect(answer.rejected.map(({ line }) => line)).toEqual([1, 4, 5, 6])
    for (const { reason } of answer.rejected) expect(reason).toMatch(/\w{4}/)
    expect(Object.keys(await rows()).sort()).toEqual([spanId('a'), spanId('c')])
  })

  test.each([
    ['text/plain', 415, 'unsupported_media_type'],
    ['application/x-protobuf', 415, 'unsupported_media_type'],
  ])('does not read %s', async (type, status, code) => {
    const { post } = await startServer()
    const response = await post('/api/calls', 'x', { 'content-type': type })
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ error: { code, field: 'Content-Type' } })
  })

  test('refuses more lines than it takes at once, and stores none of them', async () => {
    const { post, rows } = await startServer({ limits: { callLines: 2 } })
    const body = ['a', 'b', 'c'].map((id) => toCallLine(callOf(id))).join('\n')
    const response = await post('/api/calls', body, NDJSON)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: { code: 'malformed_body', message: /more than 2 lines/ } })
    expect(await rows()).toEqual({})
  })
})

describe('httpSink', () => {
  const ended: (() => Promise<void> | void)[] = []
  afterEach(async () => {
    for (const end of ended.splice(0)) await end()
  })

  const TOKEN = 't'.repeat(32)

  test('posts calls to a server, counts what became of them, and stops when it is closed', async () => {
    const { server, rows } = await startServer({ tokens: [{ hash: hashToken(TOKEN), scope: 'ingest' }] })
    const { url } = await server.listen({ port: 0 })
    const sink = httpSink(url, { token: TOKEN })
    for (const id of ['a', 'b', 'a']) sink.write(callOf(id))
    await sink.flush()
    expect(sink.stats()).toEqual({ generated: 3, stored: 2, deduplicated: 1, rejected: {}, dropped: {}, journaled: 0 })
    await sink.close()
    sink.write(callOf('c'))
    expect(sink.stats()).toMatchObject({ generated: 4, dropped: { closed: 1 } })
    expect(Object.keys(await rows()).sort()).toEqual([spanId('a'), spanId('b')])
  })

  test('keeps calls while the server is away, up to its limit, and sends them when it is back', async () => {
    let isAway = true
    let received = ''
    const http = createHttpServer((request, response) => {
      if (isAway) {
        response.writeHead(503, { 'retry-after': '0' }).end()
        return
      }
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        received = request.headers['content-encoding'] ?? ''
        response.writeHead(200, { 'content-type': 'application/json' })
        response.end('{"stored":2,"deduplicated":0,"rejected":[]}')
      })
    })
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    ended.push(() => void http.close())
    const address = http.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const sink = httpSink(`http://127.0.0.1:${port}`, { maxWaiting: 2 })
    for (const id of ['a', 'b', 'c']) sink.write(callOf(id))
    await sink.flush()
    expect(sink.stats()).toMatchObject({ generated: 3, stored: 0, dropped: { queue_full: 1 }, journaled: 2 })
    isAway = false
    await sink.flush()
    expect(sink.stats()).toMatchObject({ stored: 2, journaled: 0 })
    expect(received).toBe('gzip')
    await sink.close()
  })

  test('says what it lost when nobody takes its calls', async () => {
    const sink = httpSink('http://127.0.0.1:1')
    sink.write(callOf('a'))
    await sink.close()
    expect(sink.stats()).toMatchObject({ generated: 1, stored: 0, dropped: { unreachable: 1 }, journaled: 0 })
  })
})
