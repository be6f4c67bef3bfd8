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
import { createOpenCalls } from './open-calls.ts'
import { addOpenLedger } from './open-ledgers.ts'
import { createRecoveringSink } from './recovering-sink.ts'

/**
 * What a recorded call survives: any end of the process (`process`), loss of power too (`power`, which syncs the disk for
 * each call), or neither (`memory`, which writes no files of its own).
 */
export type Durability = 'process' | 'power' | 'memory'

/** Options of `openUsageLog`. */
export interface UsageLogOptions {
  /** `process` by default. */
  readonly durability?: Durability | undefined
  /** The folder of the journal; beside a `file:` database, or in `.spanledger`, by default. */
  readonly journal?: string | undefined
  /** How many bytes the journal may hold for all processes that share it; 512 MB by default. */
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
 * `postgres://user@host/database`, or `https://ledger.example.com` for `spanledger serve`. Anything else throws an error
 * that lists these forms. The first call opens the database. If that fails, a warning is written, the calls wait in the
 * journal, and it is retried.
 */
export function openUsageLog(url: string, options: UsageLogOptions = {}): UsageSink {
  return openApplicationSink(url, createReporter(), options)
}

/** The same for `register`, which has its own reporter and handles the end of the process itself. */
export function openApplicationSink(url: string, reporter: Reporter, options: UsageLogOptions = {}): ApplicationSink {
  const database = parseDestination(url, process.cwd(), options.token)
  const folder = options.journal ?? journalFolderOf(database, process.cwd())
  const sink = createLazySink(() => openSink({ database, folder, reporter, options }), reporter)
  const calls = createOpenCalls()
  const remove = addOpenLedger({
    destination: database,
    journal: options.durability === 'memory' ? undefined : folder,
    flush: sink.flush,
    waitingLines: sink.waitingLines,
    openCalls: calls.list,
  })
  // No file is created before the first call, but calls that an earlier process left need not wait for it.
  if (options.durability !== 'memory' && listDirectories(folder).length > 0) sink.open()
  return {
    ...sink,
    start(call) {
      calls.started(call)
      sink.start?.(call)
    },
    write(call) {
      sink.write(call)
      calls.ended(call)
    },
    async close() {
      remove()
      await sink.close()
    },
  }
}

/**
 * Says where calls would go in a process that records none, because it is turned off there. Returns the function that takes
 * it back. Throws as `openUsageLog` does.
 */
export function openIdleLedger(url: string, token: string | undefined): () => void {
  const destination = parseDestination(url, process.cwd(), token)
  return addOpenLedger({
    destination,
    journal: undefined,
    flush: async () => {},
    waitingLines: () => [],
    openCalls: () => [],
  })
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
      `SQLite ${process.versions['sqlite']} of this Node can lose rows when several processes write to one file, so only one at a time will write; use Node 24.15 or newer to avoid this`,
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
