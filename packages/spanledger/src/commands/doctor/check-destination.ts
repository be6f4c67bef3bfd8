import { openStore, type Store } from '@spanledger/store'
import { isError } from '@spanledger/core'
import { mayBeThere, openingOf } from '../../cli/database.ts'
import { sentenceOf } from '../../cli/error.ts'
import { type Database, databaseName, type Destination } from '../../destination/destination.ts'
import { bad, type Finding, good, unknown } from './check.ts'
import { checkDatabase, checkFileOf } from './check-database.ts'
import { checkJournal, type JournalPlace } from './check-journal.ts'
import { hasUserinfo, splitUserinfo } from '../../destination/split-userinfo.ts'

const TIMEOUT_MS = 5_000

/** Checks whether calls can reach their destination, and the state of the destination. */
export async function checkDestination(
  destination: Destination,
  journal: Omit<JournalPlace, 'store'>,
): Promise<readonly Finding[]> {
  if ('ledgerUrl' in destination) {
    return [await checkLedger(destination.ledgerUrl), ...(await checkJournal({ ...journal, store: undefined }))]
  }
  if (!mayBeThere(destination)) {
    const name = databaseName(destination)
    return [
      unknown(`No database at ${name} yet`, 'The first call, or "spanledger serve", creates it'),
      ...(await checkJournal({ ...journal, store: undefined })),
    ]
  }
  return withStore(destination, async (store) => [
    ...(await checkDatabase(store, { name: databaseName(destination), now: journal.now })),
    ...('path' in destination ? checkFileOf(destination.path) : []),
    ...(await checkJournal({ ...journal, store })),
  ])
}

async function withStore(
  database: Database,
  look: (store: Store) => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    const store = await openStore({ ...openingOf(database), readOnly: true })
    try {
      return await look(store)
    } finally {
      await store.close()
    }
  } catch (error) {
    const fix = 'If its tables are of an older version, run "spanledger migrate"'
    return [bad(`${databaseName(database)} cannot be read`, sentenceOf(error), fix)]
  }
}

async function checkLedger(url: string): Promise<Finding> {
  if (hasUserinfo(url)) {
    return bad(
      `The URL of ${splitUserinfo(url).url} contains a user or a password`,
      'calls wait in the journal: no request can be sent to such a URL',
      'Remove them and set SPANLEDGER_TOKEN instead',
    )
  }
  try {
    const response = await fetch(`${url.replace(/\/$/, '')}/readyz`, { signal: AbortSignal.timeout(TIMEOUT_MS) })
    await response.arrayBuffer()
    if (response.ok) return good(`${url} is ready`)
    return bad(
      `${url} is not ready (${response.status})`,
      'calls wait in the journal',
      'See its log, or run "spanledger doctor" on that host',
    )
  } catch (error) {
    const why = isError(error) && isError(error.cause) ? error.cause.message : sentenceOf(error)
    return bad(
      `${url} does not answer`,
      `calls wait in the journal: ${why}`,
      'Start it ("spanledger serve"), or correct SPANLEDGER_DATABASE',
    )
  }
}
