import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { createServer, startIngestWorker } from '@spanledger/server'
import { openStore } from '@spanledger/store'
import { expect, test } from 'vitest'
import { emptyFolder } from '../spanledger/run-cli.ts'
import { requestOf, toProtobuf } from './otlp-request.ts'
import { CHAT, genAISpan, spanId } from './test-server.ts'

// Nothing that the limits of a server let through is too much for the thread, so these let more through.
const LIMITS = {
  bodyBytes: 500_000_000,
  expandedBytes: 500_000_000,
  inFlightBytes: 500_000_000,
  requestTimeoutMs: 100_000,
} as const

// The one letter that is none of the alphabet makes two bytes of every other one.
const LINE = `${JSON.stringify({
  trace_id: 'a'.repeat(32),
  span_id: 'a'.repeat(16),
  run_id: 'a'.repeat(16),
  kind: 'model',
  billable: 1,
  started_at: 1,
  status: 'ok',
  content: { answer: `字${'a'.repeat(200_000)}` },
})}\n`

/** Lines that take more memory as calls than the thread may have. */
function tooManyLines(): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(LINE.repeat(1_500))
}

test('a body that is too much for the thread ends the thread, not the server, which starts it again', async () => {
  const folder = emptyFolder()
  const store = await openStore({ path: `${folder}/usage.db` })
  const problems: string[] = []
  const ingest = await startIngestWorker({
    database: { path: `${folder}/usage.db` },
    limits: LIMITS,
    onProblem: (problem) => problems.push(problem),
  })
  const server = createServer({ store, ingest, limits: LIMITS })
  try {
    const { url } = await server.listen({ port: 0 })
    const send = async (id: string) => {
      const body = toProtobuf(requestOf([genAISpan(id, undefined, CHAT)]))
      const headers = { 'content-type': 'application/x-protobuf' }
      return (await fetch(`${url}/v1/traces`, { method: 'POST', body, headers })).status
    }
    expect(await send('a')).toBe(200)

    let isAnswered = false
    const hostile = fetch(`${url}/api/calls`, {
      method: 'POST',
      body: gzipSync(tooManyLines(), { level: 1 }),
      headers: { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' },
    }).finally(() => {
      isAnswered = true
    })
    let healthy = 0
    while (!isAnswered) {
      expect((await fetch(`${url}/healthz`)).status).toBe(200)
      if (!isAnswered) healthy += 1
      await sleep(20)
    }
    const { status, headers } = await hostile
    expect([status, headers.get('retry-after')]).toEqual([503, '2'])
    expect(healthy).toBeGreaterThan(3)
    expect(problems).toContainEqual(expect.stringMatching(/memory/))

    expect(await send('c')).toBe(200)
    expect((await store.calls({})).calls.map(({ span_id }) => span_id).sort()).toEqual(['a', 'c'].map(spanId))
  } finally {
    await server.close()
    await store.close()
  }
}, 120_000)
