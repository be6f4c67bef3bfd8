import { createServer, type Server } from '@spanledger/server'
import type { Store } from '@spanledger/store'
import * as fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { DATABASES } from '../store/stores.ts'
import { type OtlpSpanJson, requestOf, toProtobuf } from './otlp-request.ts'
import { AGENT, CHAT, genAISpan, spanId, TOOL } from './test-server.ts'

const STEP = { 'gen_ai.operation.name': 'agent_step' } as const

// An agent with a step in a step, in which a model asks for a tool. Neither step makes a row.
const spansOf = (traceId: string) => [
  genAISpan('c', 'e', CHAT, { startMs: 10, endMs: 500, traceId }),
  genAISpan('d', 'e', TOOL, { startMs: 501, endMs: 800, traceId }),
  genAISpan('e', 'b', STEP, { startMs: 6, endMs: 890, traceId }),
  genAISpan('b', 'a', STEP, { startMs: 5, endMs: 900, traceId }),
  genAISpan('a', undefined, { ...AGENT, 'user.id': 'ada' }, { traceId }),
]

const PLACES = [
  [spanId('a'), spanId('a'), null, 'ada'],
  [spanId('c'), spanId('a'), spanId('a'), 'ada'],
  [spanId('d'), spanId('a'), spanId('c'), 'ada'],
]

const ended: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end()
})

async function send(server: Server, spans: readonly OtlpSpanJson[]): Promise<void> {
  const headers = { host: 'localhost', 'content-type': 'application/x-protobuf' }
  const body = toProtobuf(requestOf(spans, 'gen_ai'))
  expect((await server.app.request('/v1/traces', { method: 'POST', headers, body })).status).toBe(200)
}

async function placesOf(store: Store, trace: string) {
  const { calls } = await store.calls({ trace })
  const places = calls.map((call) => [call.span_id, call.run_id, call.parent_span_id, call.user_id] as const)
  return places.sort(([a], [b]) => (a < b ? -1 : 1))
}

describe.each(DATABASES)('a trace whose pieces come to several servers on $name', ({ create }) => {
  async function open() {
    const database = await create()
    ended.push(() => database.remove())
    const store = await database.open()
    let traces = 0
    return {
      database,
      store,
      start: (): Server => createServer({ store }),
      newTrace: () => (traces += 1).toString(16).padStart(32, '0'),
    }
  }

  test('is whole, with a restart after each piece', async () => {
    const { store, start, newTrace } = await open()
    const pieces = fc.tuple(
      fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }),
      fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
    )
    const property = fc.asyncProperty(pieces, async ([order, cuts]) => {
      const trace = newTrace()
      const spans = spansOf(trace)
      let piece: OtlpSpanJson[] = []
      for (const [place, index] of order.entries()) {
        piece.push(spans[index]!)
        if (cuts[place] !== true && place < order.length - 1) continue
        const server = start()
        await send(server, piece)
        await server.close()
        piece = []
      }
      expect(await placesOf(store, trace)).toEqual(PLACES)
    })
    await fc.assert(property, {
      numRuns: 40,
      examples: [
        [
          [
            [3, 2, 1, 0, 4],
            [true, true, true, true, true],
          ],
        ],
      ],
    })
  }, 60_000)

  test('is whole when each of two servers gets some at the same time', async () => {
    const { database, start, store, newTrace } = await open()
    const servers = [start(), createServer({ store: await database.open() })] as const
    ended.push(() => Promise.all(servers.map((server) => server.close())))
    const property = fc.asyncProperty(fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }), async (sides) => {
      const trace = newTrace()
      const sent = spansOf(trace).map((span, index) => send(servers[sides[index] === true ? 1 : 0], [span]))
      await Promise.all(sent)
      expect(await placesOf(store, trace)).toEqual(PLACES)
    })
    await fc.assert(property, { numRuns: 30 })
  }, 60_000)

  test('keeps its steps for an hour', async () => {
    const { database } = await open()
    let now = Date.UTC(2026, 10, 1)
    const store = await database.open({ now: () => now })
    const server = createServer({ store, now: () => now })
    ended.push(() => server.close())
    const kept = async () => (await database.rows('SELECT trace_id FROM span_links')).map(({ trace_id }) => trace_id)
    const [first, second, third] = ['1', '2', '3'].map((digit) => digit.repeat(32)) as [string, string, string]
    await send(server, spansOf(first))
    now += 30 * 60_000
    await send(server, spansOf(second))
    expect(await kept()).toEqual([first, second])
    now += 31 * 60_000
    await send(server, spansOf(third))
    expect(await kept()).toEqual([second, third])
  })
})
