import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { LIMIT, sayFigure, until } from './form.ts'
import { drain, type Ledger, lossesOf, sqliteLedger } from './ledgers.ts'
import { createBrutalPostgres } from './postgres-ledger.ts'
import { newFolder, startApp } from './start-app.ts'

/** A ledger that does not work, and what makes it work. */
interface BadStart {
  readonly ledger: Ledger
  readonly mend: () => void | Promise<void>
}

const STARTS: Readonly<Record<string, () => Promise<BadStart>>> = {
  async 'a server that is down'() {
    const postgres = await createBrutalPostgres()
    return { ledger: postgres.ledger(newFolder()), mend: () => postgres.start() }
  },
  async 'a file that somebody has locked'() {
    const ledger = sqliteLedger(newFolder())
    const other = new DatabaseSync(join(ledger.folder, 'usage.db'))
    // Taken back when it is closed.
    other.exec('begin exclusive; create table theirs (id integer)')
    return { ledger, mend: () => other.close() }
  },
  async 'a folder that is missing'() {
    const folder = join(newFolder(), 'data')
    const ledger = { ...sqliteLedger(folder), folder: dirname(folder) }
    return { ledger, mend: () => mkdirSync(folder) }
  },
  async 'a file that is no database'() {
    const ledger = sqliteLedger(newFolder())
    const path = join(ledger.folder, 'usage.db')
    writeFileSync(path, 'a letter to my aunt\n'.repeat(500))
    return { ledger, mend: () => renameSync(path, `${path}.letter`) }
  },
  async 'a folder where the file should be'() {
    const ledger = sqliteLedger(newFolder())
    const path = join(ledger.folder, 'usage.db')
    mkdirSync(path)
    return { ledger, mend: () => rmSync(path, { recursive: true }) }
  },
}

test.each(Object.entries(STARTS))('R20 %s at the start costs no call once it works', LIMIT, async (name, make) => {
  const { ledger, mend } = await make()
  const app = startApp(ledger.folder, { database: ledger.url, perTick: 5, pauseMs: 20, end: 'close' })
  await until(() => app.stderr().includes('cannot store calls'))
  const early = app.acked().length
  await mend()
  const mendedMs = performance.now()
  await until(async () => (await ledger.rows('select 1 from calls limit 1').catch(() => [])).length > 0)
  const seconds = (performance.now() - mendedMs) / 1_000
  app.child.stdin?.end()
  expect(await app.ended).toBe(0)
  await drain(ledger)
  const losses = await lossesOf(ledger, app.acked())
  sayFigure(`R20 bad start, ${name}`, {
    'recorded before it worked': early,
    ...losses,
    'first row': `${seconds.toFixed(1)} s after it worked`,
  })
  expect(losses).toEqual({ acked: app.report().generated, lost: 0, duplicated: 0 })
})
