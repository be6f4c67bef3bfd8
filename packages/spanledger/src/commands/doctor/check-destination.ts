import { openStore, type Store } from '@spanledger/store'
import { mayBeThere, openingOf } from '../../cli/database.ts'
import { sentenceOf } from '../../cli/error.ts'
import { type Database, databaseName, type Destination } from '../../destination/destination.ts'
import { bad, type Finding, good, unknown } from './check.ts'
import { checkDatabase, checkFileOf } from './check-database.ts'
import { checkJournal, type JournalPlace } from './check-journal.ts'
import { hasUserinfo, splitUserinfo } from '../../destination/split-userinfo.ts'

const TIMEOUT_MS = 5_000

/** Whether calls get to where they are kept, and what is to be seen there. */
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
      unknown(`No database at ${name} yet`, 'The first call, or "spanledger serve", makes it'),
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
    const fix = '"spanledger migrate" brings old tables up to date'
    return [bad(`${databaseName(database)} cannot be read`, sentenceOf(error), fix)]
  }
}

async function checkLedger(url: string): Promise<Finding> {
  if (hasUserinfo(url)) {
    return bad(
      `The address of ${splitUserinfo(url).url} has a user or a password in it`,
      'calls wait in the journal: no request can be made to such an address',
      'Take them out; what opens a ledger is SPANLEDGER_TOKEN',
    )
  }
  try {
    const response = await fetch(`${url.replace(/\/$/, '')}/readyz`, { signal: AbortSignal.timeout(TIMEOUT_MS) })
    await response.arrayBuffer()
    if (response.ok) return good(`${url} is ready`)
    return bad(
      `${url} is not ready (${response.status})`,
      'calls wait in the journal',
      'Its log says why; "spanledger doctor" there tells more',
    )
  } catch (error) {
    const why = error instanceof Error && error.cause instanceof Error ? error.cause.message : sentenceOf(error)
    return bad(
      `${url} does not answer`,
      `calls wait in the journal: ${why}`,
      'Start it ("spanledger serve"), or set SPANLEDGER_DATABASE anew',
    )
  }
}
