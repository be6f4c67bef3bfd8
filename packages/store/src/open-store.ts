import { openSqlite } from './sqlite.ts'
import { pathOfUrl } from './sqlite-file.ts'
import type { Store } from './store.ts'

/** Which database, and how it is opened. Either `url` or `path` is given. */
export interface OpenStoreOptions {
  /** `file:usage.db`, relative to the working directory, or `file:///var/lib/usage.db`. */
  readonly url?: string | undefined
  /** A path as it is, or `:memory:`. */
  readonly path?: string | undefined
  /** Changes nothing, not even an old schema; the database must be there. */
  readonly readOnly?: boolean | undefined
  /** Makes the folder of the file if it is missing, closed to other users and ignored by git. */
  readonly privateFolder?: boolean | undefined
  /** How long a write waits for other processes before it rejects; 5,000 if not given. */
  readonly busyTimeoutMs?: number | undefined
  /** Gives epoch milliseconds; the clock of this machine if not given. */
  readonly now?: (() => number) | undefined
}

/**
 * Opens the database, makes its tables or brings them up to date. Rejects with a sentence that says what stands in the
 * way and how to mend it; a file that is damaged or not ours is left as it is. The caller closes the store.
 */
export async function openStore(options: OpenStoreOptions): Promise<Store> {
  return openSqlite({
    path: pathOf(options),
    readOnly: options.readOnly ?? false,
    privateFolder: options.privateFolder ?? false,
    busyTimeoutMs: options.busyTimeoutMs ?? 5000,
    now: options.now ?? Date.now,
  })
}

function pathOf({ url, path }: OpenStoreOptions): string {
  const named = path ?? (url === undefined ? '' : pathOfUrl(url))
  if (named === '' || (path !== undefined && url !== undefined)) {
    throw new Error('A store needs a url such as file:usage.db, or a path, and not both')
  }
  return named
}
