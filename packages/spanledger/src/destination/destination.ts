import { createHash } from 'node:crypto'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DATABASE_KINDS, databaseKindOf } from '@spanledger/store/kinds'
import { hidePasswords } from './split-userinfo.ts'

/** A database file, with an absolute path. */
export interface FileDatabase {
  readonly path: string
  /** The folder is ours: `.spanledger`, which gets its own `.gitignore`. */
  readonly isOwnFolder: boolean
}

/** A database on a server. */
export interface ServerDatabase {
  readonly url: string
}

/** The database of calls. */
export type Database = FileDatabase | ServerDatabase

/** A `spanledger serve` process, with its own database. */
export interface LedgerServer {
  readonly ledgerUrl: string
  /** With the scope `ingest`, if the server requires a token. */
  readonly token?: string | undefined
}

/** Where an application sends its calls. */
export type Destination = Database | LedgerServer

const OWN_FOLDER = '.spanledger'
const HTTP = /^https?$/

/** Reads a database as `parseDatabase` does, or `https://ledger.example.com`; throws for anything else. */
export function parseDestination(url: string, workingFolder: string, token?: string): Destination {
  if (!HTTP.test(schemeOf(url) ?? '')) return parseDatabase(url, workingFolder)
  if (!URL.canParse(url)) throw new Error(`Cannot read "${hidePasswords(url)}"; use https://ledger.example.com`)
  return { ledgerUrl: url, token }
}

/** Reads `postgres://user@host/db`, `file:usage.db`, `file:/var/usage.db`, `file:///var/usage.db` or a plain path; throws for anything else. */
export function parseDatabase(url: string, workingFolder: string): Database {
  const kind = databaseKindOf({ url })
  if (kind?.place !== 'server') return parseDatabaseUrl(url, workingFolder)
  if (!URL.canParse(url)) throw new Error(`Cannot read "${hidePasswords(url)}"; use ${kind.example}`)
  return { url }
}

/** Reads a file URL or path; throws for anything else. */
export function parseDatabaseUrl(url: string, workingFolder: string): FileDatabase {
  const scheme = schemeOf(url)
  if (scheme !== undefined && scheme !== 'file') {
    const servers = DATABASE_KINDS.filter(({ place }) => place === 'server').map(({ example }) => example)
    throw new Error(
      `Cannot store calls in "${hidePasswords(url)}"; use file:usage.db, file:/path/to/usage.db or ${servers.join(' or ')}`,
    )
  }
  const text = url.replace(/^file:/i, '')
  const path = text === ':memory:' || text === '' || text.endsWith('/') ? undefined : pathOf(url, text, workingFolder)
  if (path === undefined) {
    throw new Error(`The database "${url}" must name a file; use file:usage.db or file:/path/to/usage.db`)
  }
  return { path, isOwnFolder: /(^|[\\/])\.spanledger$/.test(dirname(path)) }
}

/**
 * Where calls wait for a database: beside its file, so that each is found from the other; for a server, in `.spanledger`
 * of the working folder, one for each database and schema.
 */
export function journalFolderOf(destination: Destination, workingFolder: string): string {
  if ('path' in destination) return `${destination.path}${OWN_FOLDER}`
  const { host, pathname, searchParams } = new URL(addressOf(destination))
  const name = `${host}${pathname}?${searchParams.get('schema') ?? ''}`
  return join(workingFolder, OWN_FOLDER, `journal-${createHash('sha256').update(name).digest('hex').slice(0, 8)}`)
}

/** The path beside which the other files of a database are. For a database on a server the file itself need not exist. */
export function dataFileOf(database: Destination, workingFolder: string): string {
  return 'path' in database ? database.path : join(workingFolder, OWN_FOLDER, 'usage.db')
}

/** The database for messages, without a password. */
export function databaseName(destination: Destination): string {
  return 'path' in destination ? destination.path : hidePasswords(addressOf(destination))
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
    // A host, or escapes that are invalid in a path.
    return undefined
  }
}
