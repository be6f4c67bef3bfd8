import type { UsageSink, UsageSinkStats } from '@spanledger/core'
import { listDirectories } from '@spanledger/journal'
import { observeLedger } from '@spanledger/otel'
import type { ApplicationSink } from './application-sink.ts'
import { createCallQueue } from './call-queue.ts'
import { journalFolderOf, parseDestination } from '../destination/destination.ts'
import { createJournalSink } from './journal-sink.ts'
import { createRecoveringSink } from './recovering-sink.ts'
import { createReporter, type Reporter } from '../reporter.ts'
import { hasWalResetBug } from '../destination/sqlite-build.ts'
import { createCallOutcomes } from './call-outcomes.ts'

/**
 * What a call survives once it is recorded: the end of the process however it ends (`process`), the end of power as well
 * (`power`, a sync of the disk for each call), or neither (`memory`, which writes no files of its own).
 */
export type Durability = 'process' | 'power' | 'memory'

/** Options of `openUsageLog`. */
export interface UsageLogOptions {
  /** `process` by default. */
  readonly durability?: Durability | undefined
  /** The folder of the journal; beside a `file:` database, or in `.spanledger`, by default. */
  readonly journal?: string | undefined
  /** How much the journal may hold, of all processes that share it; 512 MB by default. */
  readonly maxJournalBytes?: number | undefined
  /** What goes when it is full; the newest call by default. */
  readonly whenFull?: 'drop-newest' | 'drop-oldest' | undefined
  /** Above this many calls waiting in memory new ones are dropped and counted; 200,000 by default. For `memory` only. */
  readonly maxWaiting?: number | undefined
  /** What a Spanledger server wants to see, with the scope `ingest`. */
  readonly token?: string | undefined
}

const LOOK_MS = 1_000

/**
 * Opens the usage log of an application: a sink for `UsageSpanProcessor` and `UsageLogExporter`.
 * `url` is `file:usage.db` (relative to the working folder), `file:/path/usage.db`, a plain path, or
 * `postgres://user@host/database`, or `https://ledger.example.com` for `spanledger serve`; anything else throws a sentence that says what works. The database is opened by the first call; one that
 * cannot be opened is reported and tried again, and the calls wait in the journal.
 */
export function openUsageLog(url: string, options: UsageLogOptions = {}): UsageSink {
  return openApplicationSink(url, createReporter(), options)
}

/** The same, for `register`, which has a reporter and an exit of its own to look after. */
export function openApplicationSink(url: string, reporter: Reporter, options: UsageLogOptions = {}): ApplicationSink {
  const database = parseDestination(url, process.cwd(), options.token)
  const folder = options.journal ?? journalFolderOf(database, process.cwd())
  const { durability = 'process', maxWaiting } = options
  let sink: ApplicationSink | undefined
  const open = (): ApplicationSink => {
    const outcomes = createCallOutcomes()
    if (durability === 'memory') return createCallQueue({ database, reporter, outcomes, maxWaiting })
    const isExclusive = 'path' in database && hasWalResetBug(process.versions['sqlite'])
    if (isExclusive) {
      reporter.warn(
        'sqlite-build',
        `SQLite ${process.versions['sqlite']} of this Node can lose rows when several processes write to one file; one at a time will. Node 24.15 and newer have a build without that bug`,
      )
    }
    const { maxJournalBytes: maxBytes, whenFull } = options
    const openJournal = () =>
      createJournalSink({ database, folder, durability, maxBytes, whenFull, isExclusive, reporter, outcomes })
    try {
      return openJournal()
    } catch (error) {
      return createRecoveringSink({
        database,
        folder,
        reporter,
        outcomes,
        maxWaiting,
        openJournal,
        why: messageOf(error),
      })
    }
  }
  const observer = observeLedger({
    stats: () => sink?.stats() ?? NO_STATS,
    journalBytes: () => sink?.journalBytes() ?? 0,
  })
  // The meter provider belongs to the application; what it throws must cost no call, and not end a process from a timer.
  const refresh = () => {
    try {
      observer.refresh()
    } catch (error) {
      reporter.warn('metrics', `there are no metrics of the ledger: ${messageOf(error)}`)
    }
  }
  let looking: NodeJS.Timeout | undefined
  const opened = () => {
    if (sink !== undefined) return sink
    refresh()
    looking = setInterval(refresh, LOOK_MS)
    looking.unref()
    return (sink = open())
  }
  // No file before the first call; but what an earlier process has left need not wait for one.
  if (durability !== 'memory' && listDirectories(folder).length > 0) opened()
  return {
    write: (call) => opened().write(call),
    start: (call) => opened().start?.(call),
    leaveOut: (reason) => opened().leaveOut?.(reason),
    flush: async () => sink?.flush(),
    flushBeforeExit: async () => sink?.flushBeforeExit(),
    async close() {
      clearInterval(looking)
      await sink?.close()
    },
    flushNow: () => sink?.flushNow(),
    journalBytes: () => sink?.journalBytes() ?? 0,
    stats: () => sink?.stats() ?? NO_STATS,
  }
}

/** Of a sink that has been given nothing. */
export const NO_STATS: UsageSinkStats = {
  generated: 0,
  stored: 0,
  deduplicated: 0,
  rejected: {},
  dropped: {},
  journaled: 0,
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
