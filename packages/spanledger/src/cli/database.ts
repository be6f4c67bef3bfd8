import { existsSync } from 'node:fs'
import { openStore, type OpenStoreOptions, type Store } from '@spanledger/store'
import type { Command } from 'commander'
import type { CliContext } from './context.ts'
import { sentenceOf, UsageError } from './error.ts'
import { type Database, databaseName, dataFileOf, parseDatabase } from '../destination/destination.ts'
import { DEFAULT_DATABASE, readSettings } from '../settings.ts'

/** The option as commander hands it over. */
export interface DatabaseOption {
  readonly db?: string
}

/** Which database is open, for messages and for the files beside it. */
export interface DatabasePlace {
  /** As it may be shown: without a password. */
  readonly name: string
  /** The file beside which files about it lie; nothing has to be there for a database on a server. */
  readonly dataFile: string
}

type Work<Answer> = (store: Store, place: DatabasePlace) => Promise<Answer>

/** Adds the option that names the database. */
export function addDatabaseOption(command: Command): Command {
  return command.option(
    '--db <url>',
    `database, such as file:usage.db or postgres://user@host/name (default: SPANLEDGER_DATABASE or ${DEFAULT_DATABASE})`,
  )
}

/** Which database a command is about, a file or one on a server. */
export function readDatabase({ db }: DatabaseOption, { environment, workingFolder }: CliContext): Database {
  try {
    return parseDatabase(readSettings({ database: db }, environment).database, workingFolder)
  } catch (error) {
    throw new UsageError(sentenceOf(error), { cause: error })
  }
}

/** How a database is opened. */
export function openingOf(database: Database): OpenStoreOptions {
  return 'path' in database ? { path: database.path, privateFolder: database.isOwnFolder } : database
}

/** Whether there is a file; a server has to be asked. */
export function mayBeThere(database: Database): boolean {
  return !('path' in database) || existsSync(database.path)
}

/** Opens a database that must be there, asks it and closes it. */
export async function askDatabase<Answer>(
  option: DatabaseOption,
  context: CliContext,
  ask: Work<Answer>,
): Promise<Answer> {
  const database = existingDatabase(option, context)
  return closing(await openForReading(database), placeOf(database, context), ask)
}

/** Opens a database that must be there for a change, and closes it after the work. */
export async function changeExistingDatabase<Answer>(
  option: DatabaseOption,
  context: CliContext,
  change: Work<Answer>,
): Promise<Answer> {
  const database = existingDatabase(option, context)
  return closing(await openStore(openingOf(database)), placeOf(database, context), change)
}

/** Opens a database, made if it is missing, and closes it after the work. */
export async function changeDatabase<Answer>(
  option: DatabaseOption,
  context: CliContext,
  change: Work<Answer>,
): Promise<Answer> {
  const database = readDatabase(option, context)
  return closing(await openStore(openingOf(database)), placeOf(database, context), change)
}

function existingDatabase(option: DatabaseOption, context: CliContext): Database {
  const database = readDatabase(option, context)
  if (mayBeThere(database)) return database
  throw new Error(
    `No database at ${databaseName(database)}; run your application with spanledger/register, or pass --db file:path`,
  )
}

function placeOf(database: Database, { workingFolder }: CliContext): DatabasePlace {
  return { name: databaseName(database), dataFile: dataFileOf(database, workingFolder) }
}

// A question needs no right to write, unless the tables of an older version must be brought up to date first.
async function openForReading(database: Database): Promise<Store> {
  try {
    return await openStore({ ...openingOf(database), readOnly: true })
  } catch {
    return await openStore(openingOf(database)) // says itself what is wrong
  }
}

async function closing<Answer>(store: Store, place: DatabasePlace, work: Work<Answer>): Promise<Answer> {
  try {
    return await work(store, place)
  } finally {
    await store.close()
  }
}
