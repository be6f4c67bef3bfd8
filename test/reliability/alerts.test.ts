import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { CANNOT_MOUNT, mountDisk } from './disks.ts'
import { LIMIT, sayFigure, until } from './form.ts'
import { drain, lossesOf, sqliteLedger } from './ledgers.ts'
import { newFolder, startApp } from './start-app.ts'

const FAULT = fileURLToPath(new URL('./apps/fault.ts', import.meta.url))
const MEGABYTE = 1024 * 1024

/** What we have said, in its order. */
function saidBy(stderr: string): readonly string[] {
  return stderr.split('\n').filter((line) => line.includes('SpanledgerWarning: spanledger: '))
}

test.each([
  ['that dies', 'the worker dies after a while', /started again/],
  ['that stands still', 'the worker stands still once', /started again: it has stood still/],
])('R22 a worker %s is noticed, reported and replaced, and no call is lost', LIMIT, async (_, fault, said) => {
  const ledger = sqliteLedger(newFolder())
  const plan = { database: ledger.url, perTick: 5, pauseMs: 20, end: 'close' } as const
  const app = startApp(ledger.folder, plan, { flags: ['--import', FAULT], env: { FAULT: fault } })
  await until(() => said.test(app.stderr()))
  const before = app.acked().length
  // The next one does the work.
  await until(async () =>
    (await ledger.rows('select count(*) as calls from calls').catch(() => [])).some(
      ({ calls }) => Number(calls) > before,
    ),
  )
  app.child.stdin?.end()
  await app.ended
  await drain(ledger)
  const losses = await lossesOf(ledger, app.acked())
  sayFigure(`R22 ${fault}`, { ...losses, 'lines said': saidBy(app.stderr()).length })
  expect(losses).toEqual({ acked: app.report().generated, lost: 0, duplicated: 0 })
})

test.skipIf(CANNOT_MOUNT !== undefined)(
  'R22 the first call that is lost is said, the thousand after it in no line of their own',
  LIMIT,
  async () => {
    const disk = mountDisk(8)
    const ledger = sqliteLedger(disk)
    const app = startApp(newFolder(), { database: ledger.url, perTick: 20, pauseMs: 10, end: 'close' })
    await app.ready
    writeFileSync(join(disk, 'other'), Buffer.alloc(4 * MEGABYTE))
    try {
      for (;;) writeFileSync(join(disk, `other-${Math.random()}`), Buffer.alloc(50_000))
    } catch {
      // It is full now.
    }
    await until(() => app.stderr().includes('a call was not recorded'))
    const ackedBefore = app.acked().length
    app.child.stdin?.end()
    await app.ended
    const lines = saidBy(app.stderr()).filter((line) => line.includes('not recorded'))
    sayFigure('R22 first loss', {
      'acked before it was said': ackedBefore,
      lost: Object.values(app.report().dropped).reduce((a, b) => a + b, 0),
      lines: lines.length,
    })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('no space left')
  },
)

test('R22 a database that refuses calls is reported once for each reason, with where they wait', LIMIT, async () => {
  const ledger = sqliteLedger(newFolder())
  writeFileSync(join(ledger.folder, 'usage.db'), 'a letter to my aunt\n'.repeat(500))
  const app = startApp(ledger.folder, { database: ledger.url, perTick: 5, pauseMs: 10, end: 'close' })
  await until(() => app.stderr().includes('cannot store calls'))
  app.child.stdin?.end()
  await app.ended
  const lines = saidBy(app.stderr())
  expect(lines).toEqual([expect.stringMatching(/cannot store calls: .* They wait in .*usage\.db\.spanledger/)])
  rmSync(join(ledger.folder, 'usage.db'))
  await drain(ledger)
  expect(await lossesOf(ledger, app.acked())).toEqual({ acked: app.report().generated, lost: 0, duplicated: 0 })
})
