import type { Command } from 'commander'
import { databaseName, dataFileOf, type LedgerServer, parseDestination } from '../destination/destination.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { createServerLedger } from '../ledger/server-ledger.ts'
import { readSettings } from '../settings.ts'
import type { CliContext } from './context.ts'
import { addDatabaseOption, askDatabase, type DatabaseOption, type DatabasePlace } from './database.ts'

/** The options of a command that reads a database or asks a server. */
export interface LedgerOption extends DatabaseOption {
  readonly token?: string
}

/** Adds the options that name the database or the server. */
export function addLedgerOption(command: Command): Command {
  return addDatabaseOption(command, 'or a server, such as https://ledger.example.com').option(
    '--token <token>',
    'token with the scope read, for a server (default: SPANLEDGER_TOKEN)',
  )
}

/** The server that a reading command asks; undefined if it reads a database. */
export function ledgerServerOf(
  { db, token }: LedgerOption,
  { environment, workingFolder }: CliContext,
): LedgerServer | undefined {
  const settings = readSettings({ database: db }, environment)
  if (!/^https?:/i.test(settings.database)) return undefined
  const place = parseDestination(settings.database, workingFolder, token ?? settings.token)
  return 'ledgerUrl' in place ? place : undefined
}

/** Asks the server that is named, or opens the existing database for reading and closes it after the work. */
export async function askLedger<Answer>(
  option: LedgerOption,
  context: CliContext,
  ask: (ledger: Ledger, place: DatabasePlace) => Promise<Answer>,
): Promise<Answer> {
  const server = ledgerServerOf(option, context)
  if (server === undefined) return askDatabase(option, context, ask)
  const place = { name: databaseName(server), dataFile: dataFileOf(server, context.workingFolder) }
  return ask(createServerLedger(server), place)
}
