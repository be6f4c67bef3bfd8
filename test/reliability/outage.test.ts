import { expect, test } from 'vitest'
import { expectAccounted } from './accounting.ts'
import { LIMIT, pause, randomMs, sayFigure, sized, until } from './form.ts'
import { drain, journaledCalls, lossesOf, storedIds } from './ledgers.ts'
import { createBrutalPostgres } from './postgres-ledger.ts'
import { newFolder, startApp } from './start-app.ts'

const AWAY_MS = sized(12_000, 70_000)
const KILLS = 5
const PER_SECOND = sized(400, 1_000)
const TICK_MS = 50
const MEGABYTE = 1024 * 1024

test('R4 a database that is down, and killed again and again, costs no call', LIMIT, async () => {
  const postgres = await createBrutalPostgres()
  await postgres.start()
  const ledger = postgres.ledger(newFolder())
  const perTick = (PER_SECOND * TICK_MS) / 1_000
  const app = startApp(ledger.folder, { database: ledger.url, perTick, pauseMs: TICK_MS, end: 'close' })
  await app.ready
  await until(async () => (await ledger.rows('select 1 from calls').catch(() => [])).length > 0)
  for (let killed = 0; killed < KILLS; killed += 1) {
    await pause(randomMs(200, 1_500))
    await postgres.stopImmediately()
    await pause(killed === 0 ? AWAY_MS : randomMs(0, 500))
    await postgres.start()
  }
  await pause(1_000)
  const waiting = app.acked().length - (await storedIds(ledger)).length
  const recoveredMs = performance.now()
  app.child.stdin?.end()
  await app.ended
  const report = app.report()
  const acked = app.acked()
  const accounted = await expectAccounted(ledger, report, acked)
  await drain(ledger)
  const seconds = (performance.now() - recoveredMs) / 1_000
  const losses = await lossesOf(ledger, acked)
  sayFigure('R4 outage', {
    '': `away ${AWAY_MS / 1_000} s at ${PER_SECOND} rows/s, ${KILLS} immediate kills`,
    ...losses,
    ...accounted,
    'waiting at recovery': waiting,
    'drained in': `${seconds.toFixed(1)} s`,
    RSS: `+${Math.round((report.rssMost - report.rssBefore) / MEGABYTE)} MB`,
  })
  expect(losses).toEqual({ acked: report.generated, lost: 0, duplicated: 0 })
  expect(journaledCalls(ledger)).toBe(0)
})

test(
  'R4 a frozen database holds up neither the application nor its end, and gets its calls when it thaws',
  LIMIT,
  async () => {
    const postgres = await createBrutalPostgres()
    await postgres.start()
    const ledger = postgres.ledger(newFolder())
    const app = startApp(ledger.folder, { database: ledger.url, perTick: 10, pauseMs: TICK_MS, end: 'close' })
    await app.ready
    await until(async () => (await ledger.rows('select 1 from calls').catch(() => [])).length > 0)
    postgres.freeze()
    await pause(2_000)
    app.child.stdin?.end()
    // It ends by itself, although nobody answers.
    expect(await app.ended).toBe(0)
    postgres.thaw()
    await drain(ledger)
    const losses = await lossesOf(ledger, app.acked())
    sayFigure('R4 frozen database', { ...losses })
    expect(losses).toEqual({ acked: app.report().generated, lost: 0, duplicated: 0 })
  },
)
