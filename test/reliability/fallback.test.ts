import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openUsageLog } from 'spanledger'
import { describe, expect, test } from 'vitest'
import { call } from '../builders.ts'
import { expectAccounted } from './accounting.ts'
import { LIMIT, sayFigure, until } from './form.ts'
import { drain, journaledCalls, lossesOf, sqliteLedger, storedIds } from './ledgers.ts'
import { newFolder, startApp } from './start-app.ts'

const BUSY = { perTick: 5, pauseMs: 20, end: 'close' } as const

/** An application whose journal cannot be, because something else lies there. */
function startWithoutJournal() {
  const ledger = sqliteLedger(newFolder())
  writeFileSync(ledger.journal(), 'a letter to my aunt')
  const start = () => startApp(ledger.folder, { database: ledger.url, ...BUSY })
  const isBack = () => existsSync(ledger.journal()) && statSync(ledger.journal()).isDirectory()
  /** Makes the journal possible; gives the time until it was there. */
  const mend = async () => {
    rmSync(ledger.journal())
    const mendedMs = performance.now()
    await until(isBack)
    return `${((performance.now() - mendedMs) / 1_000).toFixed(1)} s`
  }
  return { ledger, start, mend }
}

test('R20 a journal that could not be created takes over as soon as it can, without a restart', LIMIT, async () => {
  const { ledger, start, mend } = startWithoutJournal()
  const app = start()
  await until(() => app.stderr().includes('no journal can be opened'))
  const took = await mend()
  const early = app.acked()
  await until(async () => {
    const stored = new Set(await storedIds(ledger))
    return early.every((id) => stored.has(id))
  })
  const before = app.acked().length
  await until(() => app.acked().length > before + 100)
  // What was recorded now survives this.
  app.child.kill('SIGKILL')
  await app.ended
  await drain(ledger)
  const losses = await lossesOf(ledger, app.acked())
  sayFigure('R20 journal back, database there', { ...losses, 'took over after': took })
  expect(losses).toMatchObject({ lost: 0, duplicated: 0 })
  expect(app.stderr()).toContain('is open now; from now on calls survive')
})

test('R20 calls in memory move to the journal once it can be created, and survive the process', LIMIT, async () => {
  const { ledger, start, mend } = startWithoutJournal()
  const other = new DatabaseSync(join(ledger.folder, 'usage.db'))
  other.exec('begin exclusive; create table theirs (id integer)')
  const app = start()
  await until(() => app.stderr().includes('wait in memory'))
  const early = app.acked().length
  const took = await mend()
  await until(() => journaledCalls(ledger) >= early + 100)
  await until(() => {
    const acked = app.acked().length
    return journaledCalls(ledger) >= acked
  })
  app.child.kill('SIGKILL')
  await app.ended
  const journaled = journaledCalls(ledger)
  other.close()
  await drain(ledger)
  const losses = await lossesOf(ledger, app.acked())
  sayFigure('R20 journal back, database away', { ...losses, early, journaled, 'took over after': took })
  expect(losses).toMatchObject({ lost: 0, duplicated: 0 })
})

test(
  'R20 a process that ends in order after its journal came back has stored and counted every call',
  LIMIT,
  async () => {
    const { ledger, start, mend } = startWithoutJournal()
    const app = start()
    await until(() => app.stderr().includes('no journal can be opened'))
    await mend()
    const before = app.acked().length
    await until(() => app.acked().length > before + 100)
    app.child.stdin?.end()
    expect(await app.ended).toBe(0)
    const accounted = await expectAccounted(ledger, app.report(), app.acked())
    expect(accounted).toMatchObject({ generated: accounted.stored, journaled: 0 })
    expect(await lossesOf(ledger, app.acked())).toEqual({ acked: accounted.generated, lost: 0, duplicated: 0 })
  },
)

describe('R20 close, while the database fails and many calls wait in memory,', () => {
  const COUNT = 150_000

  /** A log without a journal, whose database has failed already. */
  async function startFailing() {
    const ledger = sqliteLedger(newFolder())
    writeFileSync(join(ledger.folder, 'usage.db'), 'This is no database. '.repeat(100))
    writeFileSync(ledger.journal(), 'a letter to my aunt')
    const log = openUsageLog(ledger.url)
    for (let count = 0; count < COUNT; count += 1) log.write(call())
    await log.flush()
    return { ledger, log }
  }

  test('leaves every call in a journal that has just come back', LIMIT, async () => {
    const { ledger, log } = await startFailing()
    rmSync(ledger.journal())
    await until(() => existsSync(ledger.journal()))
    await log.flush()
    await log.close()
    expect(log.stats()).toMatchObject({ generated: COUNT, stored: 0, dropped: {}, journaled: COUNT })
    expect(journaledCalls(ledger)).toBe(COUNT)
  })

  test('leaves every call in a journal that can be created by then, before the next attempt', LIMIT, async () => {
    const { ledger, log } = await startFailing()
    rmSync(ledger.journal())
    await log.close()
    expect(log.stats()).toMatchObject({ generated: COUNT, stored: 0, dropped: {}, journaled: COUNT })
    expect(journaledCalls(ledger)).toBe(COUNT)
  })

  test('counts and reports every call as lost where no journal can be created', LIMIT, async () => {
    const { log } = await startFailing()
    const warnings: string[] = []
    const onWarning = ({ message }: Error) => warnings.push(message)
    process.on('warning', onWarning)
    await log.close()
    await until(() => warnings.some((message) => message.includes(`${COUNT} unreachable`)))
    process.off('warning', onWarning)
    expect(log.stats()).toMatchObject({ generated: COUNT, dropped: { unreachable: COUNT }, journaled: 0 })
  })
})
