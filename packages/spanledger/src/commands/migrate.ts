import { openStore, type OpenStoreOptions } from '@spanledger/store'
import { Argument, type Command } from 'commander'
import type { CliContext } from '../cli/context.ts'
import { addDatabaseOption, type DatabaseOption, mayBeThere, openingOf, readDatabase } from '../cli/database.ts'
import { sentenceOf } from '../cli/error.ts'
import { databaseName } from '../destination/destination.ts'

export function addMigrateCommand(program: Command, context: CliContext): void {
  const command = program
    .command('migrate')
    .description('Brings the tables of a database up to date; "status" only reports whether they are.')
    .addArgument(new Argument('[status]', 'change nothing; exit code 1 if a migration is pending').choices(['status']))
  addDatabaseOption(command)
  command.addHelpText(
    'after',
    `
Every program that writes to a database does the same when it opens it. Back up first: there is no way back. For SQLite:
  sqlite3 usage.db ".backup usage-copy.db"`,
  )
  command.action((status: 'status' | undefined, options: DatabaseOption) =>
    status === undefined ? migrate(options, context) : printStatus(options, context),
  )
}

async function migrate(options: DatabaseOption, context: CliContext): Promise<void> {
  const { opening, name } = existingDatabase(options, context)
  const wasUpToDate = (await pendingOf(opening)) === undefined
  const store = await openStore(opening)
  await store.close()
  context.output.note(wasUpToDate ? `${name} was up to date` : `${name} is up to date now`)
}

async function printStatus(options: DatabaseOption, context: CliContext): Promise<void> {
  const { opening, name } = existingDatabase(options, context)
  const pending = await pendingOf(opening)
  if (pending !== undefined) throw new Error(`${pending}: run "spanledger migrate"`)
  context.output.note(`${name} is up to date`)
}

/** Which migration is pending, as a sentence; undefined if none is. */
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
  throw new Error(`No database at ${name}; "spanledger serve" creates one, or pass --db file:path`)
}
