import { errorMessageOf, type UsageSink } from '@spanledger/core'
import { listDirectories } from '@spanledger/journal'
import { type Destination, journalFolderOf, parseDestination } from '../destination/destination.ts'
import { hasWalResetBug } from '../destination/sqlite-build.ts'
import { createReporter, type Reporter } from '../reporter.ts'
import type { ApplicationSink } from './application-sink.ts'
import { createCallOutcomes } from './outcomes/call-outcomes.ts'
import { createCallQueue } from './memory/call-queue.ts'
import { createJournalSink } from './journal/journal-sink.ts'
import { createLazySink } from './lazy-sink.ts'
import { createRecoveringSink } from './recovering-sink.ts'

/**
 * What a call survives once it is recorded: the end of the process however it ends (`process`), the loss of power as well
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
  /** What is dropped when it is full; the newest call by default. */
  readonly whenFull?: 'drop-newest' | 'drop-oldest' | undefined
  /** With this many calls waiting in memory, new ones are dropped and counted; 200,000 by default. For `memory` only. */
  readonly maxWaiting?: number | undefined
  /** The token of a Spanledger server, with the scope `ingest`. */
  readonly token?: string | undefined
}

/**
 * Opens the usage log of an application: a sink for `UsageSpanProcessor` and `UsageLogExporter`.
 * `url` is `file:usage.db` (relative to the working folder), `file:/path/usage.db`, a plain path,
 * `postgres://user@host/database`, or `https://ledger.example.com` for `spanledger serve`. Anything else throws a sentence
 * that says what works. The database is opened by the first call. One that cannot be opened is reported and tried again,
 * and the calls wait in the journal.
 */
export function openUsageLog(url: string, options: UsageLogOptions = {}): UsageSink {
  return openApplicationSink(url, createReporter(), options)
}

/** The same, for `register`, which has its own reporter and its own end of the process to look after. */
export function openApplicationSink(url: string, reporter: Reporter, options: UsageLogOptions = {}): ApplicationSink {
  const database = parseDestination(url, process.cwd(), options.token)
  const folder = options.journal ?? journalFolderOf(database, process.cwd())
  const sink = createLazySink(() => openSink({ database, folder, reporter, options }), reporter)
  // No file before the first call; but what an earlier process left need not wait for one.
  if (options.durability !== 'memory' && listDirectories(folder).length > 0) sink.open()
  return sink
}

interface OpenSinkOptions {
  readonly database: Destination
  readonly folder: string
  readonly reporter: Reporter
  readonly options: UsageLogOptions
}

function openSink({ database, folder, reporter, options }: OpenSinkOptions): ApplicationSink {
  const { durability = 'process', maxWaiting, maxJournalBytes: maxBytes, whenFull } = options
  const shared = { database, reporter, outcomes: createCallOutcomes() }
  if (durability === 'memory') return createCallQueue({ ...shared, maxWaiting })
  const isExclusive = 'path' in database && hasWalResetBug(process.versions['sqlite'])
  if (isExclusive) {
    reporter.warn(
      'sqlite-build',
      `SQLite ${process.versions['sqlite']} of this Node can lose rows when several processes write to one file; one at a time will. Node 24.15 and newer have a build without that bug`,
    )
  }
  const openJournal = () => createJournalSink({ ...shared, folder, durability, maxBytes, whenFull, isExclusive })
  try {
    return openJournal()
  } catch (error) {
    const why = errorMessageOf(error)
    return createRecoveringSink({ ...shared, folder, maxWaiting, openJournal, why })
  }
}
