import { createServer, type Server, startIngestWorker } from '@spanledger/server'
import { openStore, type Store } from '@spanledger/store'
import { afterEach, describe, expect, test } from 'vitest'
import { freshSchema, sharedPostgres } from '../store/postgres.ts'
import { DATABASES, type TestDatabase } from '../store/stores.ts'
import { type OtlpSpanJson, requestOf, toProtobuf } from './otlp-request.ts'
import { AGENT, CHAT, genAISpan, spanId, TOOL } from './test-server.ts'

describe.each(DATABASES)('two servers on one database ($name)', ({ create }) => {
  const ended: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const end of ended.splice(0)) await end()
  })

  async function start(): Promise<{ readonly servers: readonly Server[]; readonly store: Store }> {
    const database: TestDatabase = await create()
    const stores = [await database.open(), await database.open()] as const
    const servers = stores.map((store) => createServer({ store }))
    ended.push(async () => {
      for (const server of servers) await server.close()
      await database.remove()
    })
    return { servers, store: stores[0] }
  }

  async function send(server: Server | undefined, spans: readonly OtlpSpanJson[]): Promise<number> {
    const headers = { host: 'localhost', 'content-type': 'application/x-protobuf' }
    const body = toProtobuf(requestOf(spans))
    return (await server!.app.request('/v1/traces', { method: 'POST', headers, body })).status
  }

  test('make one trace of what each has got of it', async () => {
    const { servers, store } = await start()
    const [first, second] = servers
    expect(await send(first, [genAISpan('c', 'a', CHAT)])).toBe(200)
    expect(await send(second, [genAISpan('a', undefined, { ...AGENT, 'user.id': 'ada' })])).toBe(200)
    expect(await send(first, [genAISpan('d', 'a', TOOL, { startMs: 1_001, endMs: 1_500 })])).toBe(200)
    const { calls } = await store.calls({})
    const places = calls.map(({ span_id, run_id, parent_span_id, user_id }) => [
      span_id,
      run_id,
      parent_span_id,
      user_id,
    ])
    expect(places.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))).toEqual([
      [spanId('a'), spanId('a'), null, 'ada'],
      [spanId('c'), spanId('a'), spanId('a'), 'ada'],
      [spanId('d'), spanId('a'), spanId('c'), 'ada'],
    ])
  })

  test('store once what a client sends to both', async () => {
    const { servers, store } = await start()
    const spans = [genAISpan('c', 'a', CHAT), genAISpan('a', undefined, AGENT)]
    const answers = await Promise.all([...servers, ...servers].map((server) => send(server, spans)))
    expect(answers).toEqual([200, 200, 200, 200])
    expect((await store.calls({})).calls).toHaveLength(2)
    expect(await store.summary({})).toMatchObject({ calls: 1, inputTokens: 1_000, outputTokens: 200 })
  })
})

test('an ingest in a thread of its own writes to Postgres, and does not start without one', async () => {
  const postgres = await sharedPostgres()
  const url = `${postgres.url}?schema=${freshSchema()}`
  const ingest = await startIngestWorker({ database: { url } })
  const body = toProtobuf(requestOf([genAISpan('c', undefined, CHAT)]))
  expect(await ingest.spans(body, 'protobuf')).toEqual({ kind: 'stored', rejected: 0, reasons: {} })
  await ingest.close()
  const store = await openStore({ url })
  expect((await store.calls({})).calls.map(({ span_id }) => span_id)).toEqual([spanId('c')])
  await store.close()
  await expect(startIngestWorker({ database: { url: 'postgres://nobody@127.0.0.1:1/none' } })).rejects.toThrow(
    /127\.0\.0\.1/,
  )
})
