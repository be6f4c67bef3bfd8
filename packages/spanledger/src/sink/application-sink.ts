import type { UsageSink } from '@spanledger/core'

/** The usage log of an application, with what a process needs before it ends. */
export interface ApplicationSink extends UsageSink {
  /** Like `flush`, but waits no longer than a process that ends by itself may be delayed. */
  flushBeforeExit(): Promise<void>
  /** For `process.on('exit')`: stores what it can without the event loop, and reports what happens to the rest. */
  flushNow(): void
  /** How much disk space the journal takes, in bytes. */
  journalBytes(): number
}
