/** What the application of these tests does; handed over as its first argument, in JSON. */
export interface Plan {
  /** Where calls are kept, as `openUsageLog` and `register` take it. */
  readonly database: string
  /** The file that gets the id of each call that was recorded, before anything else happens. */
  readonly acks: string
  /** The number of calls; unlimited by default. */
  readonly count?: number | undefined
  /** This many calls without yielding to the event loop, 1 by default; then `pauseMs`, 0 by default. */
  readonly perTick?: number | undefined
  readonly pauseMs?: number | undefined
  /** Blocks the thread for this long after each batch. */
  readonly blockMs?: number | undefined
  /** What it does after the last call, or when its standard input is closed; it ends by itself by default. */
  readonly end?: End | undefined
  /** `register` instead of processors and a log of its own. */
  readonly registers?: boolean | undefined
  readonly durability?: 'process' | 'power' | 'memory' | undefined
  readonly maxJournalBytes?: number | undefined
  /** The length of the content of each call, in characters. */
  readonly characters?: number | undefined
  /** Everything happens in a worker thread, which is terminated after the last call. */
  readonly isWorker?: boolean | undefined
}

/** Ways for a process to end; `close` shuts down and prints a `Report`, `stay` waits to be ended. */
export type End =
  | 'natural'
  | 'exit'
  | 'throw'
  | 'reject'
  | 'SIGTERM'
  | 'SIGINT'
  | 'SIGHUP'
  | 'SIGKILL'
  | 'abort'
  | 'out of memory'
  | 'close'
  | 'stay'

/** What an application prints that ends with `close`. */
export interface Report {
  readonly generated: number
  readonly stored: number
  readonly deduplicated: number
  readonly rejected: Readonly<Record<string, number>>
  readonly dropped: Readonly<Record<string, number>>
  readonly journaled: number
  readonly adopted?: number | undefined
  /** Resident memory before the first call, and at its highest. */
  readonly rssBefore: number
  readonly rssMost: number
}
