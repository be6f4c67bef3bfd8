import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ComparedOptions, type Comparison, linesOf, startComparison } from '../spanledger/comparison.ts'
import { LIMIT, sayFigure } from './form.ts'

const FAULT = fileURLToPath(new URL('./apps/fault.ts', import.meta.url))
const OPERATIONS = 4

let comparison: Comparison
const collectors: Server[] = []
let unharmed = 0

beforeAll(async () => {
  comparison = await startComparison('every-call.ts')
})

afterAll(async () => {
  sayFigure('R11 never breaks the AI call', {
    '': `${unharmed} faults × ${OPERATIONS} operations with the same result, byte for byte`,
  })
  for (const collector of collectors) {
    collector.closeAllConnections()
    collector.close()
  }
  await comparison.close()
})

/** Something of Node's that fails; see apps/fault.ts. */
function injected(name: string): () => ComparedOptions {
  return () => ({ flags: ['--import', FAULT], env: { FAULT: name } })
}

function inFolder(prepare: (folder: string) => void): () => ComparedOptions {
  return () => {
    const folder = comparison.newFolder()
    prepare(folder)
    return { folder, env: { SPANLEDGER_DATABASE: 'file:usage.db' } }
  }
}

function withCollector(answer: (respond: (status: number) => void) => void): () => Promise<ComparedOptions> {
  return async () => {
    const collector = createServer((_, response) => answer((status) => response.writeHead(status).end()))
    collectors.push(collector)
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
    const { port } = collector.address() as AddressInfo
    return { env: { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`, OTEL_EXPORTER_OTLP_TIMEOUT: '1000' } }
  }
}

const FAULTS: Readonly<Record<string, () => ComparedOptions | Promise<ComparedOptions>>> = {
  'writing fails': injected('writing fails'),
  'opening fails': injected('opening fails'),
  'folders cannot be made': injected('folders cannot be made'),
  'folders cannot be read': injected('folders cannot be read'),
  'times cannot be set': injected('times cannot be set'),
  'files cannot be asked for': injected('files cannot be asked for'),
  'writing takes its time': injected('writing takes its time'),
  'every second writing fails': injected('every second writing fails'),
  'the clock jumps a day ahead and back': injected('the clock jumps a day ahead and back'),
  'the clock goes ten years ahead': injected('the clock goes ten years ahead'),
  'the clock goes backwards': injected('the clock goes backwards'),
  'the clock stands still': injected('the clock stands still'),
  'no worker can be made': injected('no worker can be made'),
  'the worker dies at once': injected('the worker dies at once'),
  'the worker dies again and again': injected('the worker dies again and again'),
  'the worker stands still': injected('the worker stands still'),
  'the worker fails to load': injected('the worker fails to load'),
  'nobody may be told': injected('nobody may be told'),
  'no signal can be listened to': injected('no signal can be listened to'),
  'the journal is deleted all the time': injected('the journal is deleted all the time'),
  'the database is no database': inFolder((folder) =>
    writeFileSync(join(folder, 'usage.db'), 'a letter '.repeat(1_000)),
  ),
  'the database is a folder': inFolder((folder) => mkdirSync(join(folder, 'usage.db'))),
  'the journal is a file': inFolder((folder) => writeFileSync(join(folder, 'usage.db.spanledger'), '')),
  'the database is locked': inFolder((folder) => {
    const other = new DatabaseSync(join(folder, 'usage.db'))
    other.exec('create table theirs (id integer); begin exclusive')
    locks.push(other)
  }),
  'the log of the database is damaged': inFolder((folder) => {
    writeFileSync(join(folder, 'usage.db-wal'), Buffer.alloc(40_000, 7))
    writeFileSync(join(folder, 'usage.db-shm'), Buffer.alloc(32_768, 7))
  }),
  'the journal holds rubbish': inFolder((folder) => {
    const writer = join(folder, 'usage.db.spanledger', 'mf3k2a-0123456789abcdef')
    mkdirSync(writer, { recursive: true })
    writeFileSync(join(writer, '000001.journal'), Buffer.alloc(100_000, 0xa5))
    writeFileSync(join(writer, 'open.starts'), Buffer.alloc(1_000, 0xa5))
    chmodSync(writer, 0o700)
  }),
  'the folder is missing': () => ({ env: { SPANLEDGER_DATABASE: 'file:nowhere/usage.db' } }),
  'the server is down': () => ({ env: { SPANLEDGER_DATABASE: 'postgres://127.0.0.1:1/usage' } }),
  'the address is nonsense': () => ({ env: { SPANLEDGER_DATABASE: 'carrier-pigeon://home' } }),
  'the collector never answers': withCollector(() => {}),
  'the collector fails': withCollector((respond) => respond(500)),
  'no thread is allowed': () => ({ flags: ['--permission', '--allow-fs-read=*', '--allow-fs-write=*'] }),
  'no file may be written': () => ({ flags: ['--permission', '--allow-fs-read=*'] }),
}
const locks: DatabaseSync[] = []

test.concurrent.each(Object.entries(FAULTS))(
  'R11 %s: every result is what it is without us',
  LIMIT,
  async (_, make) => {
    // One of its calls is refused nine times and then no more, of all runs together.
    comparison.server.reset()
    const ran = await comparison.runUnharmed(await make())
    expect(ran.stderr).not.toMatch(/unhandled|uncaught/i)
    // One line for each reason, and it is ours.
    for (const line of linesOf(ran)) expect(line).toMatch(/SpanledgerWarning: spanledger: /)
    expect(linesOf(ran).length).toBeLessThanOrEqual(4)
    for (const lock of locks.splice(0)) lock.close()
    unharmed += 1
  },
)
