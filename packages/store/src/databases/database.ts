import type { CallTables } from './call-tables.ts'
import type { SmallTables, SpendSource } from './small-tables.ts'

/**
 * One kind of database. A new kind is a folder of its own and a line in the list of `database-kinds.ts`; nothing else in this
 * package or outside knows which kinds there are.
 */
export interface DatabaseKind {
  /** A short name that never changes, such as `sqlite`. */
  readonly id: string
  /** The name to show, such as `PostgreSQL`. */
  readonly name: string
  /** Whether it is a file on this machine, or runs on a server that has to be asked. */
  readonly place: 'file' | 'server'
  /** A URL of this kind, for messages, such as `file:PATH`. */
  readonly example: string
  readonly abilities: Abilities
  /** Whether a database of this kind is meant. */
  matches(address: DatabaseAddress): boolean
  /** Loads what it needs, opens the database and brings its tables up to date. The caller closes it. */
  open(options: OpenDatabaseOptions): Promise<OpenDatabase>
}

/** What a kind of database can do. */
export interface Abilities {
  /**
   * Keeps rollups: sums that each write adds to, so that queries need not read every call. If false, queries read calls,
   * `hasRollups` is false, and there is nothing to check, rebuild or prune.
   */
  readonly keepsRollups: boolean
  /**
   * Statements of a transaction take effect together or not at all, and the rows that it changes are locked until it
   * ends. If false, the database cannot hold the small tables, so `openStore` needs another one for them
   * (`smallTables`), and a list of calls may be stored in part if its write fails.
   */
  readonly hasTransactions: boolean
}

/** Names a database. One of the two is given. */
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
  /** A file: makes its folder if it is missing, closed to other users and ignored by git. */
  readonly privateFolder: boolean
  /** A file: how many threads answer long queries; 0 for none. */
  readonly readingThreads: number
  /**
   * Whether the small tables of the store are in this database as well. If so, a write of calls also creates unknown
   * projects and stores the position of the journal, in the same transaction.
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
