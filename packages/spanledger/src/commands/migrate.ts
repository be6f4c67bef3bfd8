import { openStore, type OpenStoreOptions } from '@spanledger/store'
import { Argument, type Command } from 'commander'
import type { CliContext } from '../cli/context.ts'
import { addDatabaseOption, type DatabaseOption, mayBeThere, openingOf, readDatabase } from '../cli/database.ts'
import { sentenceOf } from '../cli/error.ts'
import { databaseName } from '../destination/destination.ts'

export function addMigrateCommand(program: Command, context: CliContext): void {
  const command = program
    .command('migrate')
    .description('Brings the tables of a database up to date; with "status" it only says whether they are.')
    .addArgument(new Argument('[status]', 'change nothing; exit code 1 if something is to be done').choices(['status']))
  addDatabaseOption(command)
  command.addHelpText(
    'after',
    `
Whatever writes does the same when it opens a database. Make a copy first: steps back there are none. Of a SQLite file:
  sqlite3 usage.db ".backup usage-copy.db"`,
  )
  command.action((status: 'status' | undefined, options: DatabaseOption) =>
    status === undefined ? migrate(options, context) : tellStatus(options, context),
  )
}

async function migrate(options: DatabaseOption, context: CliContext): Promise<void> {
  const { opening, name } = existingDatabase(options, context)
  const wasUpToDate = (await pendingOf(opening)) === undefined
  const store = await openStore(opening)
  await store.close()
  context.output.note(wasUpToDate ? `${name} was up to date` : `${name} is up to date now`)
}

async function tellStatus(options: DatabaseOption, context: CliContext): Promise<void> {
  const { opening, name } = existingDatabase(options, context)
  const pending = await pendingOf(opening)
  if (pending !== undefined) throw new Error(`${pending}. "spanledger migrate" does it`)
  context.output.note(`${name} is up to date`)
}

/** What is to be done, as a sentence; nothing if all is done. */
async function pendingOf(opening: OpenStoreOptions): Promise<string | undefined> {
  try {
    const store = await openStore({ ...opening, readOnly: true })
    await store.close()
    return undefined
  } catch (error) {
    return sentenceOf(error)
  }
}

function existingDatabase(
  options: DatabaseOption,
  context: CliContext,
): { readonly opening: OpenStoreOptions; readonly name: string } {
  const database = readDatabase(options, context)
  const name = databaseName(database)
  if (mayBeThere(database)) return { opening: openingOf(database), name }
  throw new Error(`No database at ${name}; "spanledger serve" makes one, or pass --db file:path`)
}
