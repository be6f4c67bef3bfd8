import { describe, expect, test } from 'vitest'
import { requestOf } from './otlp-request.ts'
import { CHAT, genAISpan, spanId, startServer, type TestServer, TOOL } from './test-server.ts'

async function metricsOf({ server }: TestServer): Promise<readonly string[]> {
  const response = await server.app.request('/metrics', { headers: { host: 'localhost' } })
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  return (await response.text()).split('\n')
}

describe('/metrics', () => {
  test('adds up what was stored, once', async () => {
    const made = await startServer()
    const request = requestOf([
      genAISpan('a', undefined, { ...CHAT, 'spanledger.operation': 'plan "a" trip' }, { endMs: 2_000 }),
      genAISpan('b', undefined, { ...CHAT, 'spanledger.operation': 'plan "a" trip' }, { endMs: 100_000 }),
      genAISpan('c', undefined, TOOL),
      genAISpan('d', undefined, { 'http.route': '/' }),
    ])
    for (let time = 0; time < 2; time += 1) await made.send(request)
    const lines = await metricsOf(made)
    const labels = String.raw`model="gpt-5",provider="openai",operation="plan \"a\" trip"`
    expect(lines).toEqual(
      expect.arrayContaining([
        `spanledger_calls_total{${labels}} 2`,
        `spanledger_call_errors_total{${labels}} 0`,
        `spanledger_tokens_total{${labels},type="input"} 2000`,
        `spanledger_tokens_total{${labels},type="output"} 400`,
        // Twice 1,000 tokens at 1,250 nano-USD and 200 at 10,000.
        `spanledger_cost_usd_total{${labels}} 0.0065`,
        `spanledger_call_duration_seconds_bucket{${labels},le="1"} 0`,
        `spanledger_call_duration_seconds_bucket{${labels},le="2.5"} 1`,
        `spanledger_call_duration_seconds_bucket{${labels},le="120"} 2`,
        `spanledger_call_duration_seconds_bucket{${labels},le="+Inf"} 2`,
        `spanledger_call_duration_seconds_sum{${labels}} 102`,
        `spanledger_call_duration_seconds_count{${labels}} 2`,
        'spanledger_tool_calls_total{tool="search"} 1',
        'spanledger_ingest_received_total 8',
        'spanledger_ingest_not_ai_total 2',
        'spanledger_ingest_stored_total 3',
        'spanledger_ingest_deduplicated_total 3',
        'spanledger_ingest_waiting 0',
        'spanledger_ingest_in_flight_bytes 0',
      ]),
    )
  })

  test('stays small however many models there are', async () => {
    const made = await startServer()
    const spans = Array.from({ length: 700 }, (_, index) => ({
      ...genAISpan('a', undefined, { ...CHAT, 'gen_ai.request.model': `model-${index}` }),
      spanId: (index + 1).toString(16).padStart(16, '0'),
    }))
    await made.send(requestOf(spans))
    const calls = (await metricsOf(made)).filter((line) => line.startsWith('spanledger_calls_total{'))
    expect(calls).toHaveLength(501)
    expect(calls.at(-1)).toBe('spanledger_calls_total{model="other",provider="other",operation="other"} 200')
  })
})

test('prices that are put into the database hold for what comes some seconds later', async () => {
  const clock = { now: Date.UTC(2026, 10, 2) }
  const { send, rows, store } = await startServer({ now: () => clock.now })
  const costOf = async (id: string) => (await rows())[spanId(id)]?.cost_nano_usd
  await send(requestOf([genAISpan('a', undefined, CHAT)]))
  expect(await costOf('a')).toBe(1_000 * 1_250 + 200 * 10_000)
  await store.changePrices(() => ({
    schema: 1,
    prices: [{ provider: 'openai', model: 'gpt-5', per_mtok: { input: '2', output: '20' } }],
  }))
  clock.now += 5_000
  await send(requestOf([genAISpan('b', undefined, CHAT)]))
  expect(await costOf('b')).toBe(1_000 * 2_000 + 200 * 20_000)
})

describe('probes', () => {
  test('say that a server lives, and that it is ready', async () => {
    const { server } = await startServer()
    for (const path of ['/healthz', '/readyz']) {
      expect((await server.app.request(path, { headers: { host: 'localhost' } })).status).toBe(200)
    }
  })

  test('say that a server is not ready whose database is gone, while it lives', async () => {
    const { server, store } = await startServer()
    await store.close()
    const ask = async (path: string) => server.app.request(path, { headers: { host: 'localhost' } })
    const ready = await ask('/readyz')
    expect(ready.status).toBe(503)
    expect(await ready.json()).toMatchObject({
      error: { code: 'not_ready', message: 'Not ready: the database does not answer' },
    })
    expect((await ask('/healthz')).status).toBe(200)
  })
})
