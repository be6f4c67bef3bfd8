import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { requestOf, toProtobuf } from './otlp-request.ts'
import { AGENT, CHAT, genAISpan, spanId, startServer, TOOL } from './test-server.ts'

const PROTOBUF = { 'content-type': 'application/x-protobuf' }

describe.each(['protobuf', 'json'] as const)('a trace request in %s', (format) => {
  test('is stored when it is answered, in the format that it came in', async () => {
    const { send, rows } = await startServer()
    const request = requestOf([
      genAISpan('c', 'a', { ...CHAT, 'user.id': 'ada' }),
      genAISpan('d', 'a', TOOL, { startMs: 1_001, endMs: 1_500 }),
      genAISpan('a', undefined, AGENT, { endMs: 2_000 }),
    ])
    const response = await send(request, format)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(
      format === 'json' ? /^application\/json/ : /^application\/x-protobuf$/,
    )
    expect(await response.text()).toBe(format === 'json' ? '{"partialSuccess":{}}' : '')
    const stored = await rows()
    expect(Object.keys(stored).sort()).toEqual(['a', 'c', 'd'].map(spanId))
    expect(stored[spanId('c')]).toMatchObject({
      kind: 'model',
      billable: 1,
      run_id: spanId('a'),
      parent_span_id: spanId('a'),
      operation: 'planner',
      user_id: 'ada',
      model: 'gpt-5',
      input_tokens: 1_000,
      output_tokens: 200,
      service_name: 'shop',
      cost_source: 'list',
    })
    expect(stored[spanId('d')]).toMatchObject({ kind: 'tool', tool_name: 'search', parent_span_id: spanId('c') })
  })

  test('that comes again stays once', async () => {
    const { send, rows } = await startServer()
    const request = requestOf([genAISpan('c', undefined, CHAT)])
    for (let time = 0; time < 3; time += 1) expect((await send(request, format)).status).toBe(200)
    expect(Object.keys(await rows())).toEqual([spanId('c')])
  })

  test('says which spans it does not take, and stores the others', async () => {
    const { send, rows } = await startServer()
    const good = genAISpan('c', undefined, CHAT)
    const response = await send(requestOf([{ ...good, spanId: '0000000000000000' }, good]), format)
    expect(response.status).toBe(200)
    const body = await response.text()
    expect(body).toContain('1: spanId must be 16 hex characters, not all of them zero')
    expect(body).toContain(format === 'json' ? '"rejectedSpans":"1"' : '\u0008\u0001')
    expect(Object.keys(await rows())).toEqual([spanId('c')])
  })

  test('may be empty', async () => {
    const { send } = await startServer()
    expect((await send({ resourceSpans: [] }, format)).status).toBe(200)
  })
})

test('spans of other things are dropped, and a chain that they break starts a new run', async () => {
  const { send, rows } = await startServer()
  await send(
    requestOf([
      genAISpan('c', 'b', CHAT),
      genAISpan('b', 'a', { 'http.request.method': 'POST' }),
      genAISpan('a', undefined, AGENT),
    ]),
  )
  const stored = await rows()
  expect(Object.keys(stored).sort()).toEqual(['a', 'c'].map(spanId))
  expect(stored[spanId('c')]?.run_id).toBe(spanId('c'))
})

test('gzip is read', async () => {
  const { post, rows } = await startServer()
  const body = new Uint8Array(gzipSync(toProtobuf(requestOf([genAISpan('c', undefined, CHAT)]))))
  const response = await post('/v1/traces', body, { ...PROTOBUF, 'content-encoding': 'gzip' })
  expect(response.status).toBe(200)
  expect(Object.keys(await rows())).toEqual([spanId('c')])
})
