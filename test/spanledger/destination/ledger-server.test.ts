import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { createServer as createLedger, hashToken, type Server } from '@spanledger/server'
import { openStore, type Store } from '@spanledger/store'
import { openUsageLog } from 'spanledger'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { call } from '../../builders.ts'
import { startProviderServer } from '../../provider-server/index.ts'
import { runApp } from '../run-app.ts'
import { emptyFolder } from '../run-cli.ts'

const TOKEN = randomBytes(24).toString('hex')

let store: Store
let ledger: Server
let url: string

beforeEach(async () => {
  store = await openStore({ path: `${emptyFolder()}/ledger.db` })
  ledger = createLedger({ store, tokens: [{ hash: hashToken(TOKEN), scope: 'ingest' }] })
  ;({ url } = await ledger.listen({ port: 0 }))
})

afterEach(async () => {
  await ledger.close()
  await store.close()
})

test('an application whose database is a server has its calls there', async () => {
  const provider = await startProviderServer()
  try {
    const run = await runApp({
      app: 'seven.ts',
      parameters: [provider.openai],
      env: { SPANLEDGER_DATABASE: url, SPANLEDGER_TOKEN: TOKEN },
    })
    expect({ code: run.code, stderr: run.stderr }).toEqual({ code: 0, stderr: '' })
    const billed = provider.calls().reduce((sum, { billed }) => sum + (billed?.inputTokens ?? 0), 0)
    expect(billed).toBeGreaterThan(0)
    expect(await store.summary({})).toMatchObject({ calls: provider.calls().length, inputTokens: billed })
  } finally {
    await provider.close()
  }
})

test('calls for a server that is away wait in the journal, and arrive once it is there', async () => {
  const proxy = createServer((socket) => socket.destroy())
  await once(proxy.listen(0, '127.0.0.1'), 'listening')
  const address = proxy.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const journal = `${emptyFolder()}/journal`
  const log = openUsageLog(`http://127.0.0.1:${port}`, { journal, token: TOKEN })
  log.write(call({ input_tokens: 7 }))
  await expect.poll(() => log.stats(), { timeout: 10_000 }).toMatchObject({ generated: 1, journaled: 1, stored: 0 })

  // Behind the same address there is a server now.
  proxy.removeAllListeners('connection')
  proxy.on('connection', (socket: Socket) => forward(socket, url))
  await expect.poll(() => log.stats(), { timeout: 60_000, interval: 200 }).toMatchObject({ journaled: 0, stored: 1 })
  await log.close()
  proxy.close()
  expect(await store.summary({})).toMatchObject({ calls: 1, inputTokens: 7 })
}, 90_000)

function forward(socket: Socket, to: string): void {
  const target = new URL(to)
  const onward = connect(Number(target.port), target.hostname)
  socket.pipe(onward).pipe(socket)
  socket.on('error', () => onward.destroy())
  onward.on('error', () => socket.destroy())
}
