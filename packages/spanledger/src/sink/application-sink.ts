import type { UsageSink } from '@spanledger/core'

/** The usage log of an application, with what a process needs that is about to end. */
export interface ApplicationSink extends UsageSink {
  /** Like `flush`, but for no longer than a process may be kept from its natural end. */
  settle(): Promise<void>
  /** For `process.on('exit')`: stores what it can without the event loop, and says what becomes of the rest. */
  drainNow(): void
  /** How much room the journal takes. */
  journalBytes(): number
}
