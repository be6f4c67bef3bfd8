import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { expectAccounted } from './accounting.ts'
import { LIMIT, pause, sayFigure, until } from './form.ts'
import { drain, journaledCalls, lossesOf, sqliteLedger } from './ledgers.ts'
import { newFolder, startApp } from './start-app.ts'

const WAITING = 300

test.each([
  ['ends at once when it goes on', 0],
  ['goes on recording when it goes on', 200],
])(
  'R6 a process that was frozen until others had taken its calls, and %s, knows of none that are waiting',
  LIMIT,
  async (name, more) => {
    const ledger = sqliteLedger(newFolder())
    const database = new DatabaseSync(join(ledger.folder, 'usage.db'))
    database.exec('begin exclusive; create table theirs (id integer)')
    const app = startApp(ledger.folder, { database: ledger.url, perTick: 5, pauseMs: 20, end: 'close' })
    await until(() => journaledCalls(ledger) > WAITING)
    app.child.kill('SIGSTOP')
    database.close()
    await drain(ledger)
    const taken = await lossesOf(ledger, app.acked())
    const before = app.acked().length
    app.child.kill('SIGCONT')
    await until(() => app.acked().length >= before + more)
    app.child.stdin?.end()
    expect(await app.ended).toBe(0)
    const accounted = await expectAccounted(ledger, app.report(), app.acked())
    const losses = await lossesOf(ledger, app.acked())
    sayFigure(`R6 frozen, ${name}`, { ...losses, ...accounted })
    expect(taken).toMatchObject({ lost: 0 })
    expect(losses).toMatchObject({ lost: 0, duplicated: 0 })
    expect(accounted).toMatchObject({ journaled: 0, dropped: 0 })
    expect(accounted.adopted + app.report().deduplicated).toBeGreaterThan(0)
    expect(app.stderr()).not.toContain('calls wait')
  },
)

test('R6 a deleted journal is a loss that is counted and reported', LIMIT, async () => {
  const ledger = sqliteLedger(newFolder())
  const database = new DatabaseSync(join(ledger.folder, 'usage.db'))
  database.exec('begin exclusive; create table theirs (id integer)')
  const app = startApp(ledger.folder, { database: ledger.url, perTick: 5, pauseMs: 20, end: 'close' })
  await until(() => journaledCalls(ledger) > WAITING)
  rmSync(ledger.journal(), { recursive: true })
  await until(() => app.stderr().includes('was removed'))
  database.close()
  await pause(500)
  app.child.stdin?.end()
  expect(await app.ended).toBe(0)
  await drain(ledger)
  const { stored, deduplicated, dropped, generated } = app.report()
  const losses = await lossesOf(ledger, app.acked())
  sayFigure('R6 journal removed', { ...losses, stored, dropped: JSON.stringify(dropped) })
  expect(stored + deduplicated + (dropped['journal_removed'] ?? 0)).toBe(generated)
  // What was recorded before anybody could have noticed was acknowledged.
  expect(losses).toEqual({ acked: app.acked().length, lost: app.acked().length - stored, duplicated: 0 })
  expect(losses.lost).toBeLessThanOrEqual(dropped['journal_removed'] ?? 0)
})
