import { openUsageLog } from 'spanledger'
import { beforeAll, expect, test } from 'vitest'
import { forEachOf, LIMIT, pause, randomMs, sayFigure, sized, until } from './form.ts'
import { drain, journaledCalls, type Ledger, lossesOf, sqliteLedger } from './ledgers.ts'
import { type BrutalPostgres, createBrutalPostgres } from './postgres-ledger.ts'
import { newFolder, startApp, startCommand } from './start-app.ts'

const ROUNDS = sized(20, 200)
const DRAINS_KILLED = sized(1, 10)
const AT_ONCE = 4

let postgres: BrutalPostgres

beforeAll(async () => {
  postgres = await createBrutalPostgres()
  await postgres.start()
})

/** Runs applications that are killed while they record and store; gives the ids that they had acknowledged. */
async function killApps(ledger: Ledger): Promise<readonly string[]> {
  const acked: string[] = []
  await forEachOf([...Array(ROUNDS).keys()], AT_ONCE, async () => {
    const app = startApp(ledger.folder, { database: ledger.url, perTick: 10, pauseMs: 5 })
    await app.ready
    await pause(randomMs(20, 600))
    app.child.kill('SIGKILL')
    await app.ended
    acked.push(...app.acked())
  })
  return acked
}

async function killDrains({ folder, url }: Ledger): Promise<void> {
  for (let killed = 0; killed < DRAINS_KILLED; killed += 1) {
    const command = startCommand(folder, ['drain', '--db', url])
    // A lease takes 15 seconds to run out, and three more pass before what it covered is read.
    await Promise.race([command.ended, pause(randomMs(18_000, 21_000))])
    command.child.kill('SIGKILL')
    await command.ended
  }
}

test.each([
  ['sqlite', () => sqliteLedger(newFolder())],
  ['postgres', () => postgres.ledger(newFolder())],
])(
  'R1 processes that are killed at any moment lose no acknowledged call and store none twice (%s)',
  LIMIT,
  async (name, open) => {
    const ledger = open()
    const acked = await killApps(ledger)
    await killDrains(ledger)
    await drain(ledger)
    const losses = await lossesOf(ledger, acked)
    sayFigure(`R1 kill9, ${name}`, { '': `${ROUNDS} rounds and ${DRAINS_KILLED} drains killed`, ...losses })
    expect(acked.length).toBeGreaterThan(ROUNDS)
    expect(losses).toMatchObject({ lost: 0, duplicated: 0 })
    expect(journaledCalls(ledger)).toBe(0)
    expect(await ledger.complaints()).toEqual([])
  },
)

test(
  'R1 what a killed process has left is stored by the next one, even if that one has no call yet',
  LIMIT,
  async () => {
    const ledger = sqliteLedger(newFolder())
    const app = startApp(ledger.folder, { database: ledger.url, perTick: 200, pauseMs: 5 })
    await until(() => app.acked().length >= 1_000)
    app.child.kill('SIGKILL')
    await app.ended
    const log = openUsageLog(ledger.url)
    await until(() => journaledCalls(ledger) === 0)
    const losses = await lossesOf(ledger, app.acked())
    sayFigure('R1 left for the next', { ...losses })
    expect(losses).toMatchObject({ lost: 0, duplicated: 0 })
    expect(log.stats()).toMatchObject({ generated: 0, stored: 0, journaled: 0 })
    await log.close()
  },
)
