import type { UsageSink, UsageSinkStats } from '@spanledger/core'

/** The usage log of an application, with what a process needs before it ends. */
export interface ApplicationSink extends UsageSink {
  /** Like `flush`, but waits no longer than a process that ends by itself may be delayed. */
  flushBeforeExit(): Promise<void>
  /** For `process.on('exit')`: stores what it can without the event loop, and reports what happens to the rest. */
  flushNow(): void
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
