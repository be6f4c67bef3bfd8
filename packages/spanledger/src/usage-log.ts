import type { UsageSink } from '@spanledger/core'
import { createCallQueue, type CallQueue } from './call-queue.ts'
import { parseDatabaseUrl } from './database-url.ts'
import { createReporter, type Reporter } from './reporter.ts'

/** Options of `openUsageLog`. */
export interface UsageLogOptions {
  /** Above this many calls waiting in memory new ones are dropped and counted; 200,000 by default. */
  readonly maxWaiting?: number
}

/**
 * Opens the usage log of an application: a sink for `UsageSpanProcessor` and `UsageLogExporter`.
 * `url` is `file:usage.db` (relative to the working folder), `file:/path/usage.db` or a plain path; anything else throws
 * a sentence that says what works. The file is opened by the first call; one that cannot be opened is reported and tried
 * again, and the calls wait.
 */
export function openUsageLog(url: string, options: UsageLogOptions = {}): UsageSink {
  return openCallQueue(url, createReporter(), options)
}

/** The same, for `register`, which has a reporter and an exit of its own to look after. */
export function openCallQueue(url: string, reporter: Reporter, options: UsageLogOptions = {}): CallQueue {
  return createCallQueue({
    database: parseDatabaseUrl(url, process.cwd()),
    reporter,
    maxWaiting: options.maxWaiting,
  })
}
