import { openStore, type Store } from '@spanledger/store'
import { mayBeThere, openingOf } from '../../cli-database.ts'
import { sentenceOf } from '../../cli-error.ts'
import { type Database, databaseName } from '../../database-url.ts'
import { countOf } from '../../output/numbers.ts'
import { bad, type Finding, good, unknown } from './check.ts'

/** Whether the database can be read, and what of it is worth knowing. */
export async function checkDatabase(database: Database): Promise<readonly Finding[]> {
  const name = databaseName(database)
  if (!mayBeThere(database)) {
    return [unknown(`No database at ${name} yet`, 'The first call, or "spanledger serve", makes it')]
  }
  try {
    const store = await openStore({ ...openingOf(database), readOnly: true })
    try {
      return await findingsIn(store, name)
    } finally {
      await store.close()
    }
  } catch (error) {
    return [bad(`${name} cannot be read`, sentenceOf(error), '"spanledger migrate" brings old tables up to date')]
  }
}

async function findingsIn(store: Store, name: string): Promise<readonly Finding[]> {
  const { calls, openCalls } = await store.summary({})
  const unpriced = await store.unpricedModels({})
  const [first] = unpriced
  return [
    good(`${name}: ${countOf(calls, 'provider call')}, ${openCalls} open`),
    first === undefined
      ? good('Every call that tells its tokens has a cost')
      : bad(
          `${countOf(unpriced.length, 'model')} without a price, such as ${first.provider ?? 'an unknown provider'}/${first.model ?? 'unknown'}`,
          `what they cost is missing in every sum (${first.reason ?? 'no reason is known'})`,
          '"spanledger prices check" tells more, "spanledger prices set" gives a price, "spanledger reprice" applies it',
        ),
  ]
}
