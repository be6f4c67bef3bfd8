import { createContentPolicy, parseCall, toCallLine } from '@spanledger/core'
import type { Ingest } from '@spanledger/server'
import { createIngest, DEFAULT_LIMITS } from '@spanledger/server/ingest'
import * as fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { requestOf, toProtobuf } from './otlp-request.ts'
import { AGENT, CHAT, genAISpan, spanId, startServer, TOOL, TRACE_ID } from './test-server.ts'

afterEach(() => {
  vi.useRealTimers()
})

const STEP = { 'gen_ai.operation.name': 'agent_step' } as const
const AI_SDK = 'gen_ai'

// As AI SDK 7 makes them: an agent with a step in which a model asks for a tool.
const SPANS = [
  genAISpan('c', 'b', CHAT, { startMs: 10, endMs: 500 }),
  genAISpan('d', 'b', TOOL, { startMs: 501, endMs: 800 }),
  genAISpan('b', 'a', STEP, { startMs: 5, endMs: 900 }),
  genAISpan('a', undefined, { ...AGENT, 'user.id': 'ada', 'session.id': 's1', 'spanledger.project_id': 'web' }),
]

const PLACES = {
  [spanId('a')]: { run_id: spanId('a'), parent_span_id: null },
  [spanId('c')]: { run_id: spanId('a'), parent_span_id: spanId('a') },
  [spanId('d')]: { run_id: spanId('a'), parent_span_id: spanId('c') },
}

async function placesOf(server: Awaited<ReturnType<typeof startServer>>): Promise<unknown> {
  const rows = Object.values(await server.rows())
  return Object.fromEntries(rows.map(({ span_id: id, run_id, parent_span_id }) => [id, { run_id, parent_span_id }]))
}

describe('a trace that comes in pieces', () => {
  test('is whole in the end, however it is cut and in whatever order it comes', async () => {
    const pieces = fc.tuple(
      fc.shuffledSubarray(SPANS, { minLength: SPANS.length }),
      fc.array(fc.boolean(), { minLength: SPANS.length, maxLength: SPANS.length }),
    )
    const property = fc.asyncProperty(pieces, async ([spans, cuts]) => {
      const server = await startServer()
      let piece: typeof SPANS = []
      for (const [index, span] of spans.entries()) {
        piece.push(span)
        if (cuts[index] !== true && index < spans.length - 1) continue
        expect((await server.send(requestOf(piece, AI_SDK))).status).toBe(200)
        piece = []
      }
      expect(await placesOf(server)).toEqual(PLACES)
      const { [spanId('c')]: chat } = await server.rows()
      expect(chat).toMatchObject({ user_id: 'ada', session_id: 's1', project_id: 'web', operation: 'planner' })
    })
    await fc.assert(property, { numRuns: 30 })
  })

  test('is whole when all pieces come at once', async () => {
    const server = await startServer()
    const responses = await Promise.all(SPANS.map((span) => server.send(requestOf([span], AI_SDK))))
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(await placesOf(server)).toEqual(PLACES)
  })

  test('counts its steps, which make no rows', async () => {
    const server = await startServer()
    await server.send(requestOf(SPANS.slice(0, 2), AI_SDK))
    await server.send(requestOf(SPANS.slice(2, 3), AI_SDK))
    await server.send(requestOf(SPANS.slice(3), AI_SDK))
    const metrics = await (await server.server.app.request('/metrics')).text()
    expect(metrics).toContain('spanledger_ingest_received_total 4\n')
    expect(metrics).toContain('spanledger_ingest_steps_total 1\n')
    expect(metrics).toContain('spanledger_ingest_stored_total 3\n')
    expect(metrics).toContain('spanledger_ingest_deduplicated_total 0\n')
  })
})

describe('a run whose provider calls never come', () => {
  // The clock of the ingest is set, and its timer moved by hand.
  async function startWithClock() {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const clock = { now: Date.UTC(2026, 10, 1, 0, 1) }
    const made = await startServer()
    const start = (): Ingest =>
      createIngest({
        store: made.store,
        content: createContentPolicy({ mode: 'none' }),
        limits: DEFAULT_LIMITS,
        now: () => clock.now,
      })
    let ingest = start()
    return {
      async restart() {
        await ingest.close()
        ingest = start()
        for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve))
      },
      send: async (...spans: typeof SPANS) =>
        expect(await ingest.spans(toProtobuf(requestOf(spans)), 'protobuf')).toMatchObject({ kind: 'stored' }),
      async pass(minutes: number) {
        clock.now += minutes * 60_000
        await vi.advanceTimersByTimeAsync(20_000)
        // What the timer has begun is through when something that comes after it is.
        await new Promise((resolve) => setImmediate(resolve))
        await ingest.write([])
      },
      lines: (line: string) => ingest.lines(new TextEncoder().encode(line)),
      async run() {
        const { [spanId('a')]: run } = await made.rows()
        return { billable: run?.billable, cost: run?.cost_nano_usd, flags: run?.cost_flags, input: run?.input_tokens }
      },
    }
  }

  // 1,000 tokens at 1,250 nano-USD and 200 at 10,000.
  const COST = 1_000 * 1_250 + 200 * 10_000
  const UNBILLED = { billable: 0, cost: null, flags: null, input: 1_000 }

  test('stands for them after five quiet minutes, and no sooner', async () => {
    const { send, pass, run } = await startWithClock()
    await send(genAISpan('a', undefined, AGENT), genAISpan('d', 'a', TOOL))
    await pass(4)
    expect(await run()).toEqual(UNBILLED)
    await pass(2)
    expect(await run()).toMatchObject({ billable: 1, cost: COST, flags: expect.arrayContaining(['root_fallback']) })
  })

  test('stands for them although the server was started anew meanwhile', async () => {
    const { send, pass, run, restart } = await startWithClock()
    await send(genAISpan('a', undefined, AGENT))
    await send({ ...genAISpan('b', undefined, AGENT), traceId: '1'.repeat(32) })
    await restart()
    await pass(6)
    expect(await run()).toMatchObject({ billable: 1, cost: COST })
  })

  test('gives the bill back when one comes after all', async () => {
    const { send, pass, run } = await startWithClock()
    await send(genAISpan('a', undefined, AGENT))
    await pass(6)
    expect(await run()).toMatchObject({ billable: 1 })
    await send(genAISpan('c', 'a', CHAT))
    expect(await run()).toEqual(UNBILLED)
    await send(genAISpan('a', undefined, AGENT))
    expect(await run()).toEqual(UNBILLED)
  })

  test('is not billed while its trace is alive, nor when another server has stored the call', async () => {
    const { send, pass, run, lines } = await startWithClock()
    await send(genAISpan('a', undefined, AGENT))
    await pass(4)
    await send(genAISpan('d', 'a', TOOL))
    await pass(4)
    expect(await run()).toEqual(UNBILLED)
    const leaf = parseCall({
      trace_id: TRACE_ID,
      span_id: spanId('c'),
      parent_span_id: spanId('a'),
      run_id: spanId('a'),
      kind: 'model',
      billable: 1,
      started_at: 1,
      status: 'ok',
    })
    await lines(toCallLine(leaf))
    await pass(6)
    expect(await run()).toEqual(UNBILLED)
  })
})
