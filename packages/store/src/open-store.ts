import { openPostgres } from './databases/postgres/postgres.ts'
import { isPostgresUrl } from './databases/postgres/url.ts'
import { readInThreads } from './databases/sqlite/reading-threads.ts'
import { openSqlite } from './databases/sqlite/sqlite.ts'
import { pathOfUrl } from './databases/sqlite/file.ts'
import type { Store } from './store.ts'

/** Which database, and how it is opened. Either `url` or `path` is given. */
export interface OpenStoreOptions {
  /**
   * `file:usage.db`, relative to the working directory, or `file:///var/lib/usage.db`; or
   * `postgres://USER:PASSWORD@HOST:PORT/DATABASE?schema=spanledger`, which needs the driver `pg`.
   */
  readonly url?: string | undefined
  /** The path of a SQLite file as it is, or `:memory:`. */
  readonly path?: string | undefined
  /** Changes nothing, not even an old schema; the database must be there. */
  readonly readOnly?: boolean | undefined
  /** SQLite: makes the folder of the file if it is missing, closed to other users and ignored by git. */
  readonly privateFolder?: boolean | undefined
  /** How long a write waits for other writers before it rejects, or for a connection; 5,000 if not given. */
  readonly busyTimeoutMs?: number | undefined
  /** Gives epoch milliseconds; the clock of this machine if not given. */
  readonly now?: (() => number) | undefined
  /**
   * SQLite files: so many threads, started when they are needed, answer the questions that may take long, which otherwise
   * hold up this one; 0 if not given. They go by the clock of this machine.
   */
  readonly readingThreads?: number | undefined
  /** False: every question goes through all calls. Slow, and a way to see that the answers are the same. */
  readonly usesRollups?: boolean | undefined
}

/**
 * Opens the database, makes its tables or brings them up to date. Rejects with a sentence that says what stands in the
 * way and how to mend it; a file that is damaged or not ours is left as it is. The caller closes the store.
 */
export async function openStore(options: OpenStoreOptions): Promise<Store> {
  const common = {
    readOnly: options.readOnly ?? false,
    busyTimeoutMs: options.busyTimeoutMs ?? 5000,
    now: options.now ?? Date.now,
    usesRollups: options.usesRollups ?? true,
  }
  const { url, path } = options
  if (url !== undefined && path === undefined && isPostgresUrl(url)) return openPostgres({ ...common, url })
  const file = { ...common, path: pathOf(options), privateFolder: options.privateFolder ?? false }
  const store = openSqlite(file)
  const { readingThreads: threads = 0 } = options
  return threads === 0 || file.path === ':memory:' ? store : readInThreads(store, { ...file, threads })
}

function pathOf({ url, path }: OpenStoreOptions): string {
  const named = path ?? (url === undefined ? '' : pathOfUrl(url))
  if (named === '' || (path !== undefined && url !== undefined)) {
    throw new Error('A store needs a url such as file:usage.db, or a path, and not both')
  }
  return named
}
