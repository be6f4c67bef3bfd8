import { existsSync } from 'node:fs'
import { openStore, type Store } from '@spanledger/store'
import type { Command } from 'commander'
import type { CliContext } from './cli-context.ts'
import { sentenceOf, UsageError } from './cli-error.ts'
import { type FileDatabase, parseDatabaseUrl } from './database-url.ts'
import { DEFAULT_DATABASE, readSettings } from './settings.ts'

/** The option as commander hands it over. */
export interface DatabaseOption {
  readonly db?: string
}

/** Adds the option that names the database. */
export function addDatabaseOption(command: Command): Command {
  return command.option(
    '--db <url>',
    `database, such as file:usage.db (default: SPANLEDGER_DATABASE or ${DEFAULT_DATABASE})`,
  )
}

/** Which database a command is about. */
export function readDatabase({ db }: DatabaseOption, { environment, workingFolder }: CliContext): FileDatabase {
  try {
    return parseDatabaseUrl(readSettings({ database: db }, environment).database, workingFolder)
  } catch (error) {
    throw new UsageError(sentenceOf(error), { cause: error })
  }
}

/** Opens a database that must be there, asks it and closes it. */
export async function askDatabase<Answer>(
  option: DatabaseOption,
  context: CliContext,
  ask: (store: Store, path: string) => Promise<Answer>,
): Promise<Answer> {
  const path = existingPath(option, context)
  return closing(await openForReading(path), (store) => ask(store, path))
}

/** Opens a database that must be there for a change, and closes it after the work. */
export async function changeExistingDatabase<Answer>(
  option: DatabaseOption,
  context: CliContext,
  change: (store: Store, path: string) => Promise<Answer>,
): Promise<Answer> {
  const path = existingPath(option, context)
  return closing(await openStore({ path }), (store) => change(store, path))
}

/** Opens a database, made if it is missing, and closes it after the work. */
export async function changeDatabase<Answer>(
  option: DatabaseOption,
  context: CliContext,
  change: (store: Store, path: string) => Promise<Answer>,
): Promise<Answer> {
  const { path, isOwnFolder } = readDatabase(option, context)
  return closing(await openStore({ path, privateFolder: isOwnFolder }), (store) => change(store, path))
}

function existingPath(option: DatabaseOption, context: CliContext): string {
  const { path } = readDatabase(option, context)
  if (existsSync(path)) return path
  throw new Error(`No database at ${path}; run your application with spanledger/register, or pass --db file:path`)
}

// A question needs no right to write, unless the tables of an older version must be brought up to date first.
async function openForReading(path: string): Promise<Store> {
  try {
    return await openStore({ path, readOnly: true })
  } catch {
    return await openStore({ path }) // says itself what is wrong
  }
}

async function closing<Answer>(store: Store, work: (store: Store) => Promise<Answer>): Promise<Answer> {
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}
