import { createServer } from '@spanledger/server'
import { openStore } from '@spanledger/store'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DATABASES } from '../../store/stores.ts'
import { numbered, NOW, startApi } from './start-api.ts'

interface RefusingServer {
  readonly name: string
  request(path: string): Promise<Response>
  close(): Promise<void>
}

const CURSOR = { code: 'invalid_value', field: 'cursor', hint: expect.stringMatching(/^Pass the "next"/) }
const BUCKET = { code: 'invalid_value', field: 'bucket', hint: expect.stringMatching(/^Use /) }

// What only the store can tell: a cursor of another list, order or server, and numbers that no row has.
const BAD_CURSORS = [
  'nonsense',
  'startedAt~asc~1~1',
  'costNanoUsd~desc~1~1',
  'startedAt~desc~1.5~1',
  'startedAt~desc~1e400~1',
  'startedAt~desc~-~1',
  'startedAt~desc~unknown~1',
  `startedAt~desc~${'9'.repeat(30)}~1`,
  'startedAt~desc~1~9999999999999999',
  '1-',
  '-1',
  '1.5-1',
  '9999999999999999-9999999999999999',
]

const LISTS = ['/api/calls', '/api/sessions', '/api/ai-usage', '/api/events']

const LONG = 'from=2000-01-01&to=2026-11-20'

const servers: RefusingServer[] = []
beforeAll(async () => {
  for (const { name, create } of DATABASES) servers.push({ name, ...(await startApi(create)) })
  servers.push(await startThreaded())
})
afterAll(async () => {
  for (const server of servers) await server.close()
})

test.each(LISTS.flatMap((list) => BAD_CURSORS.map((cursor) => [list, cursor] as const)))(
  'GET %s with the cursor %s is a refusal of the cursor',
  async (list, cursor) => {
    for (const server of servers) await expectRefusal(server, `${list}?cursor=${encodeURIComponent(cursor)}`, CURSOR)
  },
)

test.each(['csv', 'jsonl'])('a bad cursor of calls as %s is refused before the file begins', async (format) => {
  for (const server of servers) await expectRefusal(server, `/api/calls?format=${format}&cursor=nonsense`, CURSOR)
})

test.each([
  `/api/ai-usage/timeseries?bucket=15m&${LONG}`,
  `/api/ai-usage/timeseries?bucket=1d&${LONG}`,
  `/api/ai-usage/timeseries?groupBy=day&${LONG}`,
  `/api/ai-usage/tools?bucket=1h&${LONG}`,
  '/api/ai-usage/timeseries?from=0&to=8000000000000000',
  '/api/ai-usage/tools?from=0&to=8000000000000000',
])('GET %s is a refusal of the bucket', async (path) => {
  for (const server of servers) await expectRefusal(server, path, BUCKET)
})

async function expectRefusal(server: RefusingServer, path: string, refusal: object): Promise<void> {
  const response = await server.request(path)
  expect({ database: server.name, status: response.status, body: await response.json() }).toEqual({
    database: server.name,
    status: 400,
    body: { error: { message: expect.stringMatching(/\w/), ...refusal } },
  })
}

// Questions that may take long are answered by threads of their own, so a refusal travels between threads.
async function startThreaded(): Promise<RefusingServer> {
  const folder = mkdtempSync(join(tmpdir(), 'spanledger-refusals-'))
  const store = await openStore({ path: join(folder, 'usage.db'), readingThreads: 1 })
  await store.write([numbered(1)])
  const server = createServer({ store, now: () => NOW })
  return {
    name: 'sqlite with reading threads',
    request: async (path) => server.app.request(path, { headers: { host: 'localhost' } }),
    async close() {
      await server.close()
      await store.close()
      rmSync(folder, { recursive: true })
    },
  }
}
