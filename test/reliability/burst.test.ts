import { expect, test } from 'vitest'
import { expectAccounted } from './accounting.ts'
import { LIMIT, sayFigure } from './form.ts'
import { drain, lossesOf, sqliteLedger } from './ledgers.ts'
import { newFolder, startApp } from './start-app.ts'

const CALLS = 100_000
const MEGABYTE = 1024 * 1024

test('R3 100,000 calls in one tick are all recorded', LIMIT, async () => {
  const ledger = sqliteLedger(newFolder())
  const app = startApp(ledger.folder, { database: ledger.url, count: CALLS, perTick: CALLS, end: 'close' })
  await app.ended
  const acked = app.acked()
  const report = app.report()
  const accounted = await expectAccounted(ledger, report, acked)
  await drain(ledger)
  const losses = await lossesOf(ledger, acked)
  const { rssBefore, rssMost } = report
  sayFigure('R3 burst', { ...losses, RSS: `+${Math.round((rssMost - rssBefore) / MEGABYTE)} MB`, ...accounted })
  expect(losses).toEqual({ acked: CALLS, lost: 0, duplicated: 0 })
})
