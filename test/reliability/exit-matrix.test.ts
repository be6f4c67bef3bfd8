import { expect, test } from 'vitest'
import type { Plan } from './apps/plan.ts'
import { forEachOf, LIMIT, sayFigure, sized } from './form.ts'
import { drain, journaledCalls, lossesOf, sqliteLedger } from './ledgers.ts'
import { newFolder, startApp } from './start-app.ts'

const RUNS = sized(2, 20)
const CALLS = 100
const AT_ONCE = 2

const WAYS: Readonly<Record<string, Partial<Plan>>> = {
  'natural end': { end: 'natural' },
  'process.exit(0)': { end: 'exit' },
  'uncaught exception': { end: 'throw' },
  'unhandled rejection': { end: 'reject' },
  SIGTERM: { end: 'SIGTERM' },
  SIGINT: { end: 'SIGINT' },
  SIGHUP: { end: 'SIGHUP' },
  SIGKILL: { end: 'SIGKILL' },
  abort: { end: 'abort' },
  'out of memory': { end: 'out of memory' },
  'worker.terminate': { isWorker: true },
}
const SMALL_HEAP = ['--max-old-space-size=64']

test('R2 however a process ends, every call that it recorded is a row exactly once', LIMIT, async () => {
  const ledger = sqliteLedger(newFolder())
  const acked: string[] = []
  const storedAtEnd: string[] = []
  // Every other process has `register`, whose exit hooks store what they can.
  const runs = Array.from({ length: RUNS }, (_, run) =>
    Object.entries(WAYS).map(([way, plan]) => ({ way, plan, run })),
  ).flat()
  await forEachOf(runs, AT_ONCE, async ({ way, plan, run }) => {
    const given = { database: ledger.url, count: CALLS, registers: run % 2 === 1, ...plan }
    const app = startApp(ledger.folder, given, { flags: plan.end === 'out of memory' ? SMALL_HEAP : [] })
    await app.ended
    const ids = app.acked()
    expect({ way, registers: given.registers, acked: ids.length, said: app.stderr() }).toMatchObject({ acked: CALLS })
    acked.push(...ids)
    if ((await ledger.rows(`select 1 from calls where span_id = '${ids.at(-1)?.slice(33)}'`)).length > 0)
      storedAtEnd.push(way)
  })
  await drain(ledger)
  const losses = await lossesOf(ledger, acked)
  const ways = Object.keys(WAYS).length
  sayFigure('R2 exit matrix', {
    '': `${ways} ways × ${RUNS} × ${CALLS} spans`,
    ...losses,
    'in the database when the process had ended': `${storedAtEnd.length} of ${runs.length}`,
  })
  expect(losses).toEqual({ acked: ways * RUNS * CALLS, lost: 0, duplicated: 0 })
  expect(journaledCalls(ledger)).toBe(0)
})
