import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LIMIT, pause, sayFigure, sized } from './form.ts'
import { drain, journaledCalls, lossesOf, sqliteLedger } from './ledgers.ts'
import { newFolder, startApp } from './start-app.ts'

const WRITERS = 8
const EACH = sized(500, 5_000)
// Long enough for all of them to write at the same time.
const PAUSE_MS = sized(200, 50)
const LOOK_MS = 50
const MEGABYTE = 1024 * 1024

test('R17 the workers of a cluster write to one file while another process reads it', LIMIT, async () => {
  const ledger = sqliteLedger(newFolder())
  const plan = { database: ledger.url, count: WRITERS * EACH, perTick: 10, pauseMs: PAUSE_MS }
  const app = startApp(ledger.folder, plan, { app: 'cluster.ts' })
  const wal = join(ledger.folder, 'usage.db-wal')
  let isOver = false
  void app.ended.then(() => (isOver = true))
  let reads = 0
  let mostWal = 0
  let lastCount = 0
  while (!isOver) {
    const [row] = await ledger.rows('select count(*) as calls from calls').catch(noTableYet)
    const count = Number(row?.['calls'] ?? 0)
    expect(count).toBeGreaterThanOrEqual(lastCount)
    lastCount = count
    reads += 1
    if (existsSync(wal)) mostWal = Math.max(mostWal, statSync(wal, { throwIfNoEntry: false })?.size ?? 0)
    await pause(LOOK_MS)
  }
  const acked = app.acked()
  await drain(ledger)
  const losses = await lossesOf(ledger, acked)
  sayFigure('R17 many processes', {
    '': `${WRITERS} writers × ${EACH}`,
    ...losses,
    reads,
    'stored by the writers themselves': lastCount,
    'write-ahead log at most': `${(mostWal / MEGABYTE).toFixed(1)} MB`,
  })
  expect(losses).toEqual({ acked: WRITERS * EACH, lost: 0, duplicated: 0 })
  // Nobody who records calls hears of a database that is busy.
  expect(app.stderr()).not.toMatch(/busy|locked|was not recorded/i)
  expect(journaledCalls(ledger)).toBe(0)
  expect(await ledger.complaints()).toEqual([])
})

function noTableYet(error: unknown): readonly Record<string, unknown>[] {
  if (String(error).includes('no such table')) return []
  throw error
}
