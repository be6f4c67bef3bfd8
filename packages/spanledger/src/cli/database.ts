import { existsSync } from 'node:fs'
import { openStore, type OpenStoreOptions, type Store } from '@spanledger/store'
import type { Command } from 'commander'
import type { CliContext } from './context.ts'
import { sentenceOf, UsageError } from './error.ts'
import { findWaitingCalls, noteWaiting, type WaitingCalls } from './waiting-calls.ts'
import { type Database, databaseName, dataFileOf, parseDatabase } from '../destination/destination.ts'
import { DEFAULT_DATABASE, readSettings } from '../settings.ts'

/** The option as commander parses it. */
export interface DatabaseOption {
  readonly db?: string
}

/** The open database, for messages and for the files beside it. */
export interface DatabasePlace {
  /** Without a password. */
  readonly name: string
  /** The path beside which its other files are. For a database on a server the file itself need not exist. */
  readonly dataFile: string
}

type Work<Answer> = (store: Store, place: DatabasePlace) => Promise<Answer>

/** Adds the option that names the database, or whatever `others` says. */
export function addDatabaseOption(command: Command, others = ''): Command {
  const database = 'database, such as file:usage.db or postgres://user@host/name'
  return command.option(
    '--db <url>',
    `${others === '' ? database : `${database}, ${others}`} (default: SPANLEDGER_DATABASE or ${DEFAULT_DATABASE})`,
  )
}

/** The database of a command, a file or one on a server. Throws a `UsageError` if it cannot be read. */
export function readDatabase({ db }: DatabaseOption, { environment, workingFolder }: CliContext): Database {
  try {
    return parseDatabase(readSettings({ database: db }, environment).database, workingFolder)
  } catch (error) {
    throw new UsageError(sentenceOf(error), { cause: error })
  }
}

/** The options with which the store opens a database. */
export function openingOf(database: Database): OpenStoreOptions {
  return 'path' in database ? { path: database.path, privateFolder: database.isOwnFolder } : database
}

/** Whether the file exists; true for a server, which only opening can tell. */
export function mayBeThere(database: Database): boolean {
  return !('path' in database) || existsSync(database.path)
}

/** Stores the calls that wait beside a database, opens it for reading, and closes it after the work. */
export async function askDatabase<Answer>(
  option: DatabaseOption,
  context: CliContext,
  ask: Work<Answer>,
): Promise<Answer> {
  const database = readDatabase(option, context)
  const waiting = findWaitingCalls(database, context)
  await waiting?.storeLeft()
  if (!mayBeThere(database)) throw await missing(database, waiting)
  return closing(await openForReading(database), placeOf(database, context), async (store, place) => {
    await noteWaiting(waiting, store, context)
    return ask(store, place)
  })
}

/** Opens an existing database for writing, and closes it after the work. */
export async function changeExistingDatabase<Answer>(
  option: DatabaseOption,
  context: CliContext,
  change: Work<Answer>,
): Promise<Answer> {
  const database = existingDatabase(option, context)
  return closing(await openStore(openingOf(database)), placeOf(database, context), change)
}

/** Opens a database for writing, creates it if it is missing, and closes it after the work. */
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
  throw neverThere(database)
}

function neverThere(database: Database): Error {
  return new Error(
    `No database at ${databaseName(database)}; run your application with spanledger/register, or pass --db file:path`,
  )
}

async function missing(database: Database, waiting: WaitingCalls | undefined): Promise<Error> {
  const count = (await waiting?.count(undefined)) ?? 0
  if (waiting === undefined || count === 0) return neverThere(database)
  return new Error(`No database at ${databaseName(database)} yet. ${waiting.sentenceOf(count)}`)
}

function placeOf(database: Database, { workingFolder }: CliContext): DatabasePlace {
  return { name: databaseName(database), dataFile: dataFileOf(database, workingFolder) }
}

// Reading needs no write access, unless the tables of an older version must be migrated first.
async function openForReading(database: Database): Promise<Store> {
  try {
    return await openStore({ ...openingOf(database), readOnly: true })
  } catch {
    return await openStore(openingOf(database)) // throws the better error
  }
}

async function closing<Answer>(store: Store, place: DatabasePlace, work: Work<Answer>): Promise<Answer> {
  try {
    return await work(store, place)
  } finally {
    await store.close()
  }
}
