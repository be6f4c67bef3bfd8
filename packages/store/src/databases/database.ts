import type { CallTables } from './call-tables.ts'
import type { SmallTables, SpendSource } from './small-tables.ts'

/**
 * One kind of database. A new kind is a folder and a line in `database-kinds.ts`; no other code, in this package or
 * outside, knows the kinds.
 */
export interface DatabaseKind {
  /** A short name that never changes, such as `sqlite`. */
  readonly id: string
  /** The name to show, such as `PostgreSQL`. */
  readonly name: string
  /** Whether it is a file on this machine or runs on a server. */
  readonly place: 'file' | 'server'
  /** A URL of this kind, for messages, such as `file:PATH`. */
  readonly example: string
  readonly abilities: Abilities
  /** Whether an address belongs to this kind. */
  matches(address: DatabaseAddress): boolean
  /** Loads the code of this kind, as `open` does if needed. Takes long on a busy machine, and blocks the thread. */
  load(): Promise<void>
  /** Loads the driver, opens the database and creates or updates its tables. The caller closes it. */
  open(options: OpenDatabaseOptions): Promise<OpenDatabase>
}

/** The abilities of a kind of database. */
export interface Abilities {
  /**
   * Keeps rollups: sums that each write adds to, so that queries need not read every call. If false, queries read calls,
   * `hasRollups` is false, and there is nothing to check, rebuild or prune.
   */
  readonly keepsRollups: boolean
  /**
   * The statements of a transaction take effect together or not at all, and the rows that it changes are locked until it
   * ends. If false, the database cannot hold the small tables, so `openStore` needs another one for them
   * (`smallTables`), and a failed write may store part of its calls.
   */
  readonly hasTransactions: boolean
}

/** The address of a database: either `url` or `path`. */
export interface DatabaseAddress {
  readonly url?: string | undefined
  /** The path of a file. */
  readonly path?: string | undefined
}

/** How a database is opened. */
export interface OpenDatabaseOptions extends DatabaseAddress {
  /** Changes nothing, not even an old schema. */
  readonly readOnly: boolean
  /** How long to wait for a connection and for other writers. */
  readonly busyTimeoutMs: number
  /** Returns epoch milliseconds. */
  readonly now: () => number
  /** Whether queries may use rollups. */
  readonly usesRollups: boolean
  /** A file: creates its folder if it is missing, closed to other users and ignored by git. */
  readonly privateFolder: boolean
  /** A file: how many threads answer long queries; 0 for none. */
  readonly readingThreads: number
  /**
   * Whether this database also holds the small tables. If so, a write of calls creates unknown projects and stores the
   * position of the journal in the same transaction.
   */
  readonly holdsSmallTables: boolean
}

/** An open database: the two sides of a store, which share its connection. */
export interface OpenDatabase {
  readonly callTables: CallTables
  /** Undefined if this kind of database cannot hold them. */
  readonly smallTables: ((spend: SpendSource) => SmallTables) | undefined
  /** Releases the database. Idempotent; afterwards every method of both sides rejects. */
  close(): Promise<void>
}
