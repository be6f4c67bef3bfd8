import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openUsageLog } from 'spanledger'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { versionOf } from './apps/versions.ts'
import { LIMIT, sayFigure, sized } from './form.ts'
import { drain, type Ledger, sqliteLedger } from './ledgers.ts'
import { type BrutalPostgres, createBrutalPostgres } from './postgres-ledger.ts'
import { newFolder } from './start-app.ts'

const ROUNDS = sized(10, 100)
const EACH = 200

const unhandled: unknown[] = []
const onUnhandled = (reason: unknown) => void unhandled.push(reason)
let postgres: BrutalPostgres

beforeAll(async () => {
  process.on('unhandledRejection', onUnhandled)
  postgres = await createBrutalPostgres()
  await postgres.start()
})

afterAll(() => {
  process.removeListener('unhandledRejection', onUnhandled)
})

const OPEN = [
  ['sqlite', () => sqliteLedger(newFolder())],
  ['postgres', () => postgres.ledger(newFolder())],
] as const

test.each(OPEN)('R16 flush waits for every call that was written before it (%s)', LIMIT, async (name, open) => {
  const ledger = open()
  const log = openUsageLog(ledger.url, { journal: join(ledger.folder, 'journal') })
  let written = 0
  const tookMs: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let count = 0; count < EACH; count += 1) log.write(versionOf(written++, true))
    const flushing = log.flush()
    // What comes while it waits is not waited for.
    log.write(versionOf(written++, true))
    const begunMs = performance.now()
    await flushing
    tookMs.push(performance.now() - begunMs)
    const [rows] = await ledger.rows('select count(*) as calls from calls')
    expect(Number(rows?.['calls'])).toBeGreaterThanOrEqual(written - 1)
  }
  await Promise.all([log.close(), log.close(), log.flush()])
  const [rows] = await ledger.rows('select count(*) as calls from calls')
  sayFigure(`R16 flush, ${name}`, {
    '': `${ROUNDS} flushes`,
    'not waited for': 0,
    slowest: `${Math.round(Math.max(...tookMs))} ms`,
  })
  expect(Number(rows?.['calls'])).toBe(written)
  expect(log.stats()).toMatchObject({ generated: written, stored: written, journaled: 0 })
  expect(unhandled).toEqual([])
})

/** Keeps everybody from writing until it is called again. */
const HOLD: Readonly<Record<string, (ledger: Ledger) => () => void>> = {
  sqlite({ folder }) {
    const other = new DatabaseSync(join(folder, 'usage.db'))
    other.exec('begin immediate')
    return () => {
      other.exec('rollback')
      other.close()
    }
  },
  postgres() {
    postgres.freeze()
    return () => postgres.thaw()
  },
}

test.each(OPEN)(
  'R16 with a database that hangs, flush and shutdown end all the same, and no call is lost (%s)',
  LIMIT,
  async (name, open) => {
    const ledger = open()
    const journal = join(ledger.folder, 'journal')
    const log = openUsageLog(ledger.url, { journal })
    log.write(versionOf(0, true))
    await log.flush()
    const letGo = HOLD[name]!(ledger)
    for (let index = 1; index <= EACH; index += 1) log.write(versionOf(index, true))
    const begunMs = performance.now()
    await log.flush()
    const flushedMs = performance.now()
    await Promise.all([log.close(), log.close()])
    const closedMs = performance.now()
    await log.close()
    await log.flush()
    const { generated, stored, journaled } = log.stats()
    letGo()
    log.write(versionOf(EACH + 1, true))
    sayFigure(`R16 hung database, ${name}`, {
      flush: `${Math.round(flushedMs - begunMs)} ms`,
      shutdown: `${Math.round(closedMs - flushedMs)} ms`,
      journaled,
    })
    expect({ generated, stored, journaled }).toEqual({ generated: EACH + 1, stored: 1, journaled: EACH })
    // What comes too late is counted.
    expect(log.stats()).toMatchObject({ generated: EACH + 2, dropped: { closed: 1 } })
    await drain(ledger, journal)
    const [rows] = await ledger.rows('select count(*) as calls from calls')
    expect(Number(rows?.['calls'])).toBe(EACH + 1)
    expect(unhandled).toEqual([])
  },
)
