import { expect, test } from 'vitest'
import { type Chaos, startChaosProxy } from './chaos-proxy.ts'
import { LIMIT, sayFigure, sized, until } from './form.ts'
import { lossesOf, sqliteLedger } from './ledgers.ts'
import { newFolder, startApp, startCommand } from './start-app.ts'

// A request of this application has more bytes than these, an answer has fewer.
const REQUEST_BYTES = 1_300
const RESPONSE_BYTES = 1_200
const OFFSETS = sized(40, 600)
/** Between two resets so much of the answers gets through: one of them at least. */
const BREATH_BYTES = 3_000

/** Every second connection is reset at the next of some offsets. */
function resets(where: 'request' | 'response', bytes: number): (connection: number) => Chaos {
  return (connection) => {
    const step = Math.floor(connection / 2) % OFFSETS
    const offset = 1 + Math.floor((step * bytes) / OFFSETS)
    return { resetAfter: connection % 2 === 0 ? { [where]: offset } : { response: BREATH_BYTES } }
  }
}

const NETWORKS: Readonly<Record<string, { chaosOf: (connection: number) => Chaos; connections: number }>> = {
  'resets within requests': { chaosOf: resets('request', REQUEST_BYTES), connections: 2 * OFFSETS },
  'resets within answers': { chaosOf: resets('response', RESPONSE_BYTES), connections: 2 * OFFSETS },
  'half open': { chaosOf: () => ({ hang: 'half-open' }), connections: 1 },
  'a black hole': { chaosOf: () => ({ hang: 'blackhole' }), connections: 1 },
  'one byte a second': { chaosOf: () => ({ isSlow: true }), connections: 1 },
}

test('R25 a network that breaks in any way costs no call and doubles none once it works', LIMIT, async () => {
  const ledger = sqliteLedger(newFolder())
  const server = startCommand(ledger.folder, ['serve', '--db', ledger.url, '--port', '0'])
  await server.ready
  const url = server.stdout().trim().split('\n')[0] ?? ''
  const acked: string[] = []
  let generated = 0
  const run = async (name: string) => {
    const { chaosOf, connections } = NETWORKS[name]!
    const proxy = await startChaosProxy(url, chaosOf)
    const app = startApp(newFolder(), { database: proxy.url, perTick: 2, pauseMs: 40, end: 'close' })
    await until(() => proxy.counts().connections >= connections, LIMIT.timeout)
    const broken = proxy.counts()
    const before = app.acked().length
    proxy.heal()
    await until(() => app.acked().length > before)
    await until(() => proxy.counts().connections > broken.connections)
    app.child.stdin?.end()
    expect(await app.ended).toBe(0)
    const report = app.report()
    const { stored, deduplicated, journaled } = report
    acked.push(...app.acked())
    generated += report.generated
    const { resets, mostAtOnce } = proxy.counts()
    sayFigure(`R25 ${name}`, {
      acked: app.acked().length,
      stored,
      deduplicated,
      journaled,
      resets,
      'connections at once': mostAtOnce,
    })
    expect({ ...report, sum: stored + deduplicated }).toMatchObject({
      journaled: 0,
      rejected: {},
      dropped: {},
      sum: report.generated,
    })
  }
  await Promise.all(Object.keys(NETWORKS).map(run))
  const losses = await lossesOf(ledger, acked)
  sayFigure('R25 network', { ...losses })
  expect(losses).toEqual({ acked: generated, lost: 0, duplicated: 0 })
  expect(await ledger.complaints()).toEqual([])
  server.child.kill('SIGTERM')
  await server.ended
})
