import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { LIMIT, sayFigure } from './form.ts'
import { drain, lossesOf, sqliteLedger } from './ledgers.ts'
import { newFolder, startApp } from './start-app.ts'

const CALLS = 500
const FAULT = fileURLToPath(new URL('./apps/fault.ts', import.meta.url))

test.each([
  'the clock jumps a day ahead and back',
  'the clock goes ten years ahead',
  'the clock goes backwards',
  'the clock stands still',
])('R24 %s: every call is stored, and none has a negative duration', LIMIT, async (fault) => {
  const ledger = sqliteLedger(newFolder())
  const plan = { database: ledger.url, count: CALLS, perTick: 10, pauseMs: 5, end: 'close' } as const
  const app = startApp(ledger.folder, plan, { flags: ['--import', FAULT], env: { FAULT: fault } })
  await app.ended
  await drain(ledger)
  const losses = await lossesOf(ledger, app.acked())
  const [row] = await ledger.rows(
    'select min(duration_ms) as least, count(distinct ingest_seq) as places, min(ingest_seq) as first, max(ingest_seq) as last from calls',
  )
  sayFigure(`R24 ${fault}`, { ...losses, 'shortest call': `${String(row?.['least'])} ms` })
  expect(losses).toEqual({ acked: CALLS, lost: 0, duplicated: 0 })
  expect(app.report()).toMatchObject({ rejected: {}, dropped: {} })
  expect(Number(row?.['least'])).toBeGreaterThanOrEqual(0)
  expect(row).toMatchObject({ places: CALLS, first: 1, last: CALLS })
})
