import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { CANNOT_INJECT } from './disks.ts'
import { LIMIT, pause, sayFigure, until } from './form.ts'
import { drain, type Ledger, lossesOf, sqliteLedger } from './ledgers.ts'
import { newFolder, type RunningApp, startApp } from './start-app.ts'

/** Longer than any look of the supervisor. */
const LONG_MS = 12_000
/** Opening any file takes this long, so that loading all of them takes longer than a look of the supervisor. */
const OPEN_MS = 8
const REPLACED = /started again|no worker thread can store/

if (CANNOT_INJECT !== undefined) sayFigure('R22 a disk that hangs', { '': CANNOT_INJECT })

function start(ledger: Ledger, before: readonly string[] = []): RunningApp {
  return startApp(ledger.folder, { database: ledger.url, perTick: 5, pauseMs: 20, end: 'close' }, { before })
}

/** A command in front of another: one sync of each of its threads takes that long. */
function hanging(sync: number): readonly string[] {
  const hang = `inject=fdatasync:delay_enter=${LONG_MS * 1_000}:when=${sync}`
  return ['strace', '-f', '-qq', '-o', '/dev/null', '-e', 'trace=fdatasync', '-e', hang]
}

async function rowsOf(ledger: Ledger): Promise<number> {
  const [row] = await ledger.rows('select count(*) as calls from calls').catch(() => [])
  return Number(row?.['calls'] ?? 0)
}

/** Ends the application and asserts that nothing is lost or stored twice, and that its counts are right. */
async function expectCounted(name: string, ledger: Ledger, app: RunningApp, figures = {}): Promise<void> {
  app.child.stdin?.end()
  expect(await app.ended).toBe(0)
  await drain(ledger)
  const losses = await lossesOf(ledger, app.acked())
  const { generated, stored, deduplicated, journaled } = app.report()
  sayFigure(name, { ...losses, ...figures, stored, deduplicated, journaled })
  expect(losses).toEqual({ acked: generated, lost: 0, duplicated: 0 })
  expect(stored + deduplicated + journaled).toBe(generated)
  expect(await ledger.complaints()).toEqual([])
}

test.skipIf(CANNOT_INJECT !== undefined)(
  'R22 a worker whose disk hangs is found and replaced, and what both of them store is stored once',
  LIMIT,
  async () => {
    const ledger = sqliteLedger(newFolder())
    const app = start(ledger, hanging(100))
    await until(async () => (await rowsOf(ledger)) > 0)
    let grown = { rows: 0, atMs: 0 }
    await until(async () => {
      const rows = await rowsOf(ledger)
      if (rows > grown.rows) grown = { rows, atMs: performance.now() }
      return /it has stood still/.test(app.stderr())
    })
    const found = `${((performance.now() - grown.atMs) / 1_000).toFixed(1)} s`
    const before = app.acked().length
    await until(async () => (await rowsOf(ledger)) > before)
    await expectCounted('R22 a disk that hangs', ledger, app, { 'found after': found })
  },
)

test.each([
  ['from the start', 0],
  ['in the middle', 200],
])('R22 a database that is locked for long, %s, does not make the worker look hung', LIMIT, async (name, rows) => {
  const ledger = sqliteLedger(newFolder())
  const hold = () => {
    const other = new DatabaseSync(join(ledger.folder, 'usage.db'), { timeout: 5_000 })
    other.exec('begin exclusive; create table theirs (id integer)')
    return other
  }
  let other = rows === 0 ? hold() : undefined
  const app = start(ledger)
  await app.ready
  await until(async () => (await rowsOf(ledger)) >= rows)
  other ??= hold()
  await pause(LONG_MS)
  other.close()
  const before = app.acked().length
  await until(async () => (await rowsOf(ledger)) > before)
  expect(app.stderr()).not.toMatch(REPLACED)
  await expectCounted(`R22 a database that is held ${name}`, ledger, app)
})

test.skipIf(CANNOT_INJECT !== undefined)(
  'R22 where the application itself is held up all the time, nobody thinks that only its worker is',
  LIMIT,
  async () => {
    const ledger = sqliteLedger(newFolder())
    const plan = { database: ledger.url, perTick: 5, blockMs: 1_800, end: 'close' } as const
    const app = startApp(ledger.folder, plan, { before: hanging(5) })
    await until(async () => (await rowsOf(ledger)) > 0)
    await pause(LONG_MS)
    const before = app.acked().length
    await until(async () => (await rowsOf(ledger)) > before)
    expect(app.stderr()).not.toMatch(REPLACED)
    await expectCounted('R22 a machine that is slow', ledger, app)
  },
)

test.skipIf(CANNOT_INJECT !== undefined)(
  'R22 a worker whose code is slow to load does not look hung, and is not started again',
  LIMIT,
  async () => {
    const ledger = sqliteLedger(newFolder())
    const slow = [
      'strace',
      '-f',
      '-qq',
      '-o',
      '/dev/null',
      '-e',
      'trace=openat',
      '-e',
      `inject=openat:delay_enter=${OPEN_MS * 1_000}`,
    ]
    const app = start(ledger, slow)
    await until(async () => (await rowsOf(ledger)) > 0)
    expect(app.stderr()).not.toMatch(REPLACED)
    await expectCounted('R22 code that is slow to load', ledger, app)
  },
)
