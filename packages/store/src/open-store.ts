import { createStore } from './create-store.ts'
import type { DatabaseAddress, DatabaseKind, OpenDatabase } from './databases/database.ts'
import { DATABASE_KINDS, databaseKindOf } from './database-kinds.ts'
import type { Store } from './store.ts'

/** Which database to open, and how. Either `url` or `path` must be given. */
export interface OpenStoreOptions {
  /**
   * `file:usage.db`, relative to the working directory, or `file:///var/lib/usage.db`; or
   * `postgres://USER:PASSWORD@HOST:PORT/DATABASE?schema=spanledger`, which needs the driver `pg`.
   */
  readonly url?: string | undefined
  /** The path of a SQLite file as it is, or `:memory:`. */
  readonly path?: string | undefined
  /**
   * The URL of another database for the small tables: projects, prices, budgets, events and journal positions. By default
   * they are in the database of the calls. It must always be the same one, because the database of the calls does not
   * record it.
   */
  readonly smallTables?: string | undefined
  /** Changes nothing, not even an old schema; the database must exist. */
  readonly readOnly?: boolean | undefined
  /** SQLite: creates the folder of the file if it is missing, closed to other users and ignored by git. */
  readonly privateFolder?: boolean | undefined
  /** How long a write waits for other writers, or for a connection, before it rejects; 5,000 by default. */
  readonly busyTimeoutMs?: number | undefined
  /** Returns epoch milliseconds; the clock of this machine by default. */
  readonly now?: (() => number) | undefined
  /**
   * SQLite files: how many threads, started on demand, answer the queries that may take long and would block this thread;
   * 0 by default. They use the clock of this machine.
   */
  readonly readingThreads?: number | undefined
  /** False: every query reads calls instead of rollups. Slow; used to verify that the results are the same. */
  readonly usesRollups?: boolean | undefined
}

/**
 * Opens the database and creates or updates its tables. Rejects with a sentence that says what is wrong and how to fix
 * it; a file that is damaged or belongs to another application is left unchanged. The caller closes the store.
 */
export async function openStore(options: OpenStoreOptions): Promise<Store> {
  const { url, path, smallTables } = options
  if ((url === undefined) === (path === undefined) || path === '') {
    throw new Error('A store needs a url such as file:usage.db, or a path, but not both')
  }
  const calls = await open({ url, path }, { ...options, holdsSmallTables: smallTables === undefined })
  try {
    const small =
      smallTables === undefined ? calls : await open({ url: smallTables }, { ...options, readingThreads: 0 })
    return createStore({ calls, small })
  } catch (error) {
    await calls.close()
    throw error
  }
}

function open(
  address: DatabaseAddress,
  options: OpenStoreOptions & { readonly holdsSmallTables?: boolean },
): Promise<OpenDatabase> {
  return kindOf(address).open({
    ...address,
    readOnly: options.readOnly ?? false,
    busyTimeoutMs: options.busyTimeoutMs ?? 5000,
    now: options.now ?? Date.now,
    usesRollups: options.usesRollups ?? true,
    privateFolder: options.privateFolder ?? false,
    readingThreads: options.readingThreads ?? 0,
    holdsSmallTables: options.holdsSmallTables ?? true,
  })
}

function kindOf(address: DatabaseAddress): DatabaseKind {
  const kind = databaseKindOf(address)
  if (kind !== undefined) return kind
  const scheme = /^[a-z][a-z\d+.-]*:/i.exec(address.url ?? '')?.[0] ?? 'no scheme' // the rest may hold a password
  const examples = DATABASE_KINDS.map(({ example }) => example).join(' or ')
  throw new Error(`Cannot open a store of this kind (${scheme}); use ${examples}`)
}
