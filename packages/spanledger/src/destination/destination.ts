import { createHash } from 'node:crypto'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DATABASE_KINDS, databaseKindOf } from '@spanledger/store/kinds'

/** A database file, absolute. */
export interface FileDatabase {
  readonly path: string
  /** The folder is ours: `.spanledger`, which gets a `.gitignore` of its own. */
  readonly isOwnFolder: boolean
}

/** A database on a server. */
export interface ServerDatabase {
  readonly url: string
}

/** Where calls are kept. */
export type Database = FileDatabase | ServerDatabase

/** `spanledger serve`, which keeps them in a database of its own. */
export interface LedgerServer {
  readonly ledgerUrl: string
  /** With the scope `ingest`, where the server asks for one. */
  readonly token?: string | undefined
}

/** Where an application sends its calls. */
export type Destination = Database | LedgerServer

const OWN_FOLDER = '.spanledger'
const HTTP = /^https?$/

/** Reads what `parseDatabase` does, and `https://ledger.example.com`; throws for anything else. */
export function parseDestination(url: string, workingFolder: string, token?: string): Destination {
  if (!HTTP.test(schemeOf(url) ?? '')) return parseDatabase(url, workingFolder)
  if (!URL.canParse(url)) throw new Error(`Cannot read "${hidePassword(url)}"; use https://ledger.example.com`)
  return { ledgerUrl: url, token }
}

/** Reads `postgres://user@host/db`, `file:usage.db`, `file:/var/usage.db`, `file:///var/usage.db` or a plain path; throws for anything else. */
export function parseDatabase(url: string, workingFolder: string): Database {
  const kind = databaseKindOf({ url })
  if (kind?.place !== 'server') return parseDatabaseUrl(url, workingFolder)
  if (!URL.canParse(url)) throw new Error(`Cannot read "${hidePassword(url)}"; use ${kind.example}`)
  return { url }
}

/** Reads the name of a file; throws for anything else. */
export function parseDatabaseUrl(url: string, workingFolder: string): FileDatabase {
  const scheme = schemeOf(url)
  if (scheme !== undefined && scheme !== 'file') {
    const servers = DATABASE_KINDS.filter(({ place }) => place === 'server').map(({ example }) => example)
    throw new Error(
      `Cannot keep calls in "${hidePassword(url)}"; use file:usage.db, file:/path/to/usage.db or ${servers.join(' or ')}`,
    )
  }
  const text = url.replace(/^file:/i, '')
  const path = text === ':memory:' || text === '' || text.endsWith('/') ? undefined : pathOf(url, text, workingFolder)
  if (path === undefined) {
    throw new Error(`The database "${url}" names no file; use file:usage.db or file:/path/to/usage.db`)
  }
  return { path, isOwnFolder: /(^|[\\/])\.spanledger$/.test(dirname(path)) }
}

/**
 * Where calls wait for a database: beside its file, so that whoever knows the one finds the other; for a server in the folder
 * of our own where the application runs, one for each database and schema.
 */
export function journalFolderOf(destination: Destination, workingFolder: string): string {
  if ('path' in destination) return `${destination.path}${OWN_FOLDER}`
  const { host, pathname, searchParams } = new URL(addressOf(destination))
  const name = `${host}${pathname}?${searchParams.get('schema') ?? ''}`
  return join(workingFolder, OWN_FOLDER, `journal-${createHash('sha256').update(name).digest('hex').slice(0, 8)}`)
}

/** The file beside which files about a database lie; none of that name has to be there for one on a server. */
export function dataFileOf(database: Destination, workingFolder: string): string {
  return 'path' in database ? database.path : join(workingFolder, OWN_FOLDER, 'usage.db')
}

/** The database as it may be shown. */
export function databaseName(destination: Destination): string {
  return 'path' in destination ? destination.path : hidePassword(addressOf(destination))
}

function addressOf(server: ServerDatabase | LedgerServer): string {
  return 'url' in server ? server.url : server.ledgerUrl
}

function schemeOf(url: string): string | undefined {
  return /^([a-z][a-z0-9+.-]+):/i.exec(url)?.[1]?.toLowerCase()
}

function pathOf(url: string, text: string, workingFolder: string): string | undefined {
  if (!/^file:\/\//i.test(url)) return isAbsolute(text) ? text : resolve(workingFolder, text)
  try {
    return fileURLToPath(url)
  } catch {
    // A host, or escapes that no path can have.
    return undefined
  }
}

function hidePassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//…@')
}
