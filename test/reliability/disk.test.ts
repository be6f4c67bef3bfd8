import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { countOf, expectAccounted } from './accounting.ts'
import { CANNOT_INJECT, CANNOT_MOUNT, mountDisk, remount } from './disks.ts'
import { LIMIT, sayFigure, sized, until } from './form.ts'
import { drain, lossesOf, sqliteLedger, storedIds } from './ledgers.ts'
import { newFolder, startApp } from './start-app.ts'

const MEGABYTE = 1024 * 1024
const NOBODY = 65_534
const BUSY = { perTick: 10, pauseMs: 10, characters: 500, end: 'close' } as const

if (CANNOT_MOUNT !== undefined) sayFigure('R5 disk full, read-only', { '': CANNOT_MOUNT })
if (CANNOT_INJECT !== undefined) sayFigure('R5 EIO', { '': CANNOT_INJECT })

describe.skipIf(CANNOT_MOUNT !== undefined)('R5 a disk', () => {
  test(
    'that is full costs exactly the calls that are counted, and accepts calls again when it has room',
    LIMIT,
    async () => {
      const disk = mountDisk(8)
      writeFileSync(join(disk, 'other'), Buffer.alloc(5 * MEGABYTE))
      const ledger = sqliteLedger(disk)
      const app = startApp(newFolder(), { database: ledger.url, ...BUSY })
      await until(() => app.stderr().includes('a call was not recorded'))
      const whenFull = app.acked().length
      rmSync(join(disk, 'other'))
      // Without a restart.
      await until(() => app.acked().length > whenFull + 100)
      app.child.stdin?.end()
      expect(await app.ended).toBe(0)
      const report = app.report()
      const accounted = await expectAccounted(ledger, report, app.acked())
      await drain(ledger)
      const losses = await lossesOf(ledger, app.acked())
      sayFigure('R5 disk full', { ...losses, ...accounted, reasons: JSON.stringify(report.dropped) })
      expect(Object.keys(report.dropped)).toEqual(['disk_full'])
      expect(losses).toMatchObject({ lost: 0, duplicated: 0 })
      const [first = '', ...others] = app
        .stderr()
        .split('\n')
        .filter((line) => line.includes('not recorded'))
      expect(first).toContain('ENOSPC')
      expect(others).toEqual([])
      expect(await ledger.complaints()).toEqual([])
    },
  )

  test('that is read-only when the application starts costs no call when it becomes writable', LIMIT, async () => {
    const disk = mountDisk(32)
    remount(disk, 'ro')
    const ledger = sqliteLedger(disk)
    const app = startApp(newFolder(), { database: ledger.url, ...BUSY, characters: 100 })
    await until(() => app.stderr().includes('cannot store calls'))
    remount(disk, 'rw')
    await until(async () => (await ledger.rows('select 1 from calls limit 1').catch(() => [])).length > 0)
    app.child.stdin?.end()
    expect(await app.ended).toBe(0)
    const losses = await lossesOf(ledger, app.acked())
    sayFigure('R5 read-only (EROFS)', { generated: app.report().generated, ...losses })
    expect(losses).toEqual({ acked: app.report().generated, lost: 0, duplicated: 0 })
  })
})

test.skipIf(process.getuid?.() !== 0)(
  'R5 a folder that may not be written costs no call when it may be',
  LIMIT,
  async () => {
    const folder = join(newFolder(), 'data')
    mkdirSync(folder)
    chmodSync(join(folder, '..'), 0o755)
    chmodSync(folder, 0o555)
    const ledger = sqliteLedger(folder)
    const app = startApp('/', { database: ledger.url, ...BUSY }, { uid: NOBODY })
    await until(() => app.stderr().includes('cannot store calls'))
    chmodSync(folder, 0o777)
    await until(async () => (await ledger.rows('select 1 from calls limit 1').catch(() => [])).length > 0)
    app.child.stdin?.end()
    expect(await app.ended).toBe(0)
    const losses = await lossesOf(ledger, app.acked())
    sayFigure('R5 no right to write (EACCES)', { generated: app.report().generated, ...losses })
    expect(losses).toEqual({ acked: app.report().generated, lost: 0, duplicated: 0 })
  },
)

describe.skipIf(CANNOT_INJECT !== undefined)('R5 a disk that fails (EIO)', () => {
  const CALLS = sized(200, 2_000)
  const strace = (syscalls: string, when: string) => {
    const inject = `inject=${syscalls}:error=EIO:when=${when}`
    return ['strace', '-f', '-qq', '-o', '/dev/null', '-e', `trace=${syscalls}`, '-e', inject]
  }

  test(
    'to sync now and then costs exactly the calls that are counted, and what is acknowledged is stored',
    LIMIT,
    async () => {
      const ledger = sqliteLedger(newFolder())
      const plan = { database: ledger.url, count: CALLS, pauseMs: 5, durability: 'power', end: 'close' } as const
      const app = startApp(ledger.folder, plan, { before: strace('fdatasync,fsync', '20+9') })
      await app.ended
      const report = app.report()
      await drain(ledger)
      const losses = await lossesOf(ledger, app.acked())
      const dropped = countOf(report.dropped)
      sayFigure('R5 EIO of fsync', {
        generated: report.generated,
        ...losses,
        dropped,
        said: JSON.stringify(report.dropped),
      })
      expect(losses).toEqual({ acked: report.generated - dropped, lost: 0, duplicated: 0 })
      // A call that is counted as lost is not stored all the same.
      expect(await storedIds(ledger)).toHaveLength(report.generated - dropped)
      expect(dropped).toBeLessThan(CALLS / 2)
      expect(await ledger.complaints()).toEqual([])
    },
  )
})
