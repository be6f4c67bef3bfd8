/** What a database holds. */
export interface StoreSize {
  readonly dialect: 'sqlite' | 'postgres'
  /** On disk, including indexes and everything else. */
  readonly sizeBytes: number
  readonly calls: number
  /** Epoch milliseconds; NULL if there are no calls. */
  readonly firstStartedAt: number | null
  readonly lastStartedAt: number | null
  /** The place of the last call in the log; 0 if there are no calls. */
  readonly lastSeq: number
}
