/** The size of a database. */
export interface StoreSize {
  /** A short name of the kind of database that holds the calls, such as `sqlite`. */
  readonly dialect: string
  /** The name to show, such as `SQLite`. */
  readonly database: string
  /** On disk, including indexes and everything else. */
  readonly sizeBytes: number
  readonly calls: number
  /** Epoch milliseconds; NULL if there are no calls. */
  readonly firstStartedAt: number | null
  readonly lastStartedAt: number | null
  /** The position of the last call in the log; 0 if there are no calls. */
  readonly lastSeq: number
}
