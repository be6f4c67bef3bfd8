import type { UsageSink, UsageSinkStats } from '@spanledger/core'

/** The usage log of an application, with what an ending process needs. */
export interface ApplicationSink extends UsageSink {
  /** Like `flush`, but waits no longer than a normal exit may be delayed. */
  flushBeforeExit(): Promise<void>
  /** For `process.on('exit')`: stores what it can without the event loop, and reports the rest. */
  flushNow(): void
  /** The lines of ended calls that may not be stored yet, in the journal or in memory. Throws if a file cannot be read. */
  waitingLines(): readonly string[]
  /** How much disk space the journal takes, in bytes. */
  journalBytes(): number
}

/** The counts of a sink that has been given nothing. */
export const NO_STATS: UsageSinkStats = {
  generated: 0,
  stored: 0,
  deduplicated: 0,
  rejected: {},
  dropped: {},
  journaled: 0,
}
