import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { runCli } from '../run-cli.ts'
import { requestOf } from '../../server/otlp-request.ts'
import { CHAT, genAISpan, spanId, startServer } from '../../server/test-server.ts'

const MAIN = fileURLToPath(new URL('../../../packages/spanledger/src/main.ts', import.meta.url))

async function firstLine(
  url: string,
  send: () => Promise<unknown>,
  parameters: readonly string[] = [],
  until: Promise<void> = Promise.resolve(),
): Promise<string> {
  const child = spawn(process.execPath, [
    '--conditions=@spanledger/source',
    MAIN,
    'tail',
    '--tz',
    'UTC',
    '--url',
    url,
    ...parameters,
  ])
  try {
    // It follows from here on.
    const [note] = (await once(child.stderr, 'data')) as [Buffer]
    expect(note.toString()).toBe(`Following ${url}\n`)
    await send()
    const [line] = (await once(child.stdout, 'data')) as [Buffer]
    await until
    return line.toString()
  } finally {
    child.kill('SIGINT')
    expect(await once(child, 'exit')).toEqual([0, null])
  }
}

test('tail shows a call in a line when it is stored', async () => {
  const { server, send } = await startServer({ live: { pollMs: 50 } })
  const { url } = await server.listen({ port: 0 })
  const line = await firstLine(url, () =>
    send(
      requestOf([
        genAISpan('c', undefined, { ...CHAT, 'user.id': 'ada', 'gen_ai.usage.cache_read.input_tokens': 400 }),
      ]),
    ),
  )
  expect(line).toBe('00:00:00 chat gpt-5 1k→200 (cache 400) $0.0028 1.0s ✓ ada\n')
})

test('tail prints what an export prints, of the calls that were asked for', async () => {
  const { server, send } = await startServer({ live: { pollMs: 50 } })
  const { url } = await server.listen({ port: 0 })
  const both = requestOf([
    genAISpan('b', undefined, { ...CHAT, 'user.id': 'bob' }),
    genAISpan('c', undefined, { ...CHAT, 'user.id': 'ada' }),
  ])
  const line = await firstLine(url, () => send(both), ['--format', 'jsonl', '--user', 'ada'])
  expect(JSON.parse(line)).toMatchObject({ span_id: spanId('c'), user_id: 'ada', input_tokens: 1_000, kind: 'model' })
})

test('tail reads events whatever their lines end with, and resumes after the last heartbeat', async () => {
  const unknown = { inputTokens: null, outputTokens: null, operation: null, userId: null }
  const call = { ...unknown, startedAt: 0, kind: 'tool', toolName: 'ééé', durationMs: 5, status: 'ok' }
  const event = Buffer.from(`\uFEFF: from now on\r\nevent: call\r\nid: 6\r\ndata: ${JSON.stringify(call)}\r\n\r\n`)
  const resumedAfter: (string | undefined)[] = []
  const connections = Promise.withResolvers<void>()
  const server = createServer(async ({ headers }, response) => {
    resumedAfter.push(headers['last-event-id'] as string | undefined)
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.flushHeaders()
    if (resumedAfter.length > 1) return connections.resolve()
    // Byte by byte, so that a line end, an event and a letter are each cut in two.
    for (const byte of event) {
      response.write(Buffer.of(byte))
      await new Promise((resolve) => setImmediate(resolve))
    }
    response.end(': still here\nid: 7\n\n')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const line = await firstLine(
    `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    () => Promise.resolve(),
    [],
    connections.promise,
  )
  server.closeAllConnections()
  server.close()
  expect(line).toBe('00:00:00 tool ééé 5ms ✓\n')
  expect(resumedAfter).toEqual([undefined, '7'])
})

test.each([
  [['--url', 'http://127.0.0.1:1'], 1, /No server answers at http:\/\/127\.0\.0\.1:1; start one/],
  [['--url', 'localhost'], 2, /must be a URL/],
  [['--db', 'http://127.0.0.1:1'], 1, /No server answers at http:\/\/127\.0\.0\.1:1; start one/],
  [['--db', 'file:usage.db'], 2, /tail follows a server/],
  [['--format', 'csv'], 2, /Unknown format/],
])('tail %j fails with code %i', async (parameters, code, message) => {
  const run = await runCli(['tail', ...parameters])
  expect({ code: run.code, stderr: run.stderr }).toEqual({ code, stderr: expect.stringMatching(message) })
})
