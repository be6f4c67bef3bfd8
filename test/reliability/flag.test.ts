import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { LIMIT, sayFigure } from './form.ts'
import { sqliteLedger } from './ledgers.ts'
import { newFolder, startApp } from './start-app.ts'

const CALLS = 500

test(
  'R21 switched off there are no files, handles or rows; switched on and off no recorded call is lost',
  LIMIT,
  async () => {
    const ledger = sqliteLedger(newFolder())
    const app = startApp(ledger.folder, { database: ledger.url, count: CALLS }, { app: 'toggle.ts' })
    expect({ code: await app.ended, said: app.stderr() }).toEqual({
      code: 0,
      said: expect.not.stringContaining('spanledger:'),
    })
    const [off, on, offAgain, onAgain] = app
      .stdout()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    const rows = await ledger.rows('select 1 from calls')
    sayFigure('R21 flag', {
      'recorded while off': Number(off?.['generated']) + Number(offAgain?.['generated']),
      'recorded while on': Number(on?.['generated']) + Number(onAgain?.['generated']),
      'rows at the end': rows.length,
      'handles while off': JSON.stringify(off?.['left']),
    })
    expect(off).toEqual({ enabled: false, generated: 0, stored: 0, files: [], left: [] })
    expect(on).toMatchObject({ enabled: true, generated: CALLS, stored: CALLS })
    expect(offAgain).toMatchObject({ enabled: false, generated: 0, left: [] })
    expect(onAgain).toMatchObject({ enabled: true, generated: CALLS, stored: CALLS })
    expect(rows).toHaveLength(CALLS * 2)
  },
)

test('R21 SPANLEDGER_ENABLED=false writes no file', LIMIT, async () => {
  const folder = newFolder()
  const plan = { database: 'file:usage.db', count: CALLS, registers: true, end: 'close' } as const
  const app = startApp(folder, plan, { env: { SPANLEDGER_ENABLED: 'false' } })
  await app.ended
  expect(app.report()).toMatchObject({ generated: 0, stored: 0, journaled: 0 })
  expect(readdirSync(folder)).toEqual([])
})
