import type { ApplicationSink } from './application-sink.ts'
import { createCallQueue } from './call-queue.ts'
import type { Destination } from '../destination/destination.ts'
import type { JournalSink } from './journal-sink.ts'
import type { Reporter } from '../reporter.ts'
import type { CallOutcomes } from './call-outcomes.ts'

export interface RecoveringSinkOptions {
  readonly database: Destination
  readonly folder: string
  readonly reporter: Reporter
  readonly outcomes: CallOutcomes
  readonly maxWaiting?: number | undefined
  /** Throws as long as the folder cannot be used. */
  readonly openJournal: () => JournalSink
  /** Why it cannot now. */
  readonly why: string
}

const RETRY_MS = 1_000

/** A sink whose journal cannot be: calls wait in memory until it can, and go on to it then, without a restart. */
export function createRecoveringSink(options: RecoveringSinkOptions): ApplicationSink {
  const { database, folder, reporter, outcomes, maxWaiting, openJournal, why } = options
  let isSaid = false
  // Where the database cannot be stored either, its own line says more.
  const onFirstStored = () => {
    isSaid = true
    reporter.warn(
      'journal-missing',
      `calls wait in memory until they are stored, because there can be no journal in ${folder}: ${why}`,
    )
  }
  const queue = createCallQueue({ database, reporter, outcomes, maxWaiting, onFirstStored })
  let journal: JournalSink | undefined
  const retry = () => {
    try {
      journal = openJournal()
    } catch {
      return
    }
    clearInterval(timer)
    const { take } = journal
    queue.retire(take)
    if (isSaid) reporter.warn('journal-back', `there is a journal in ${folder} from now on; calls survive this process`)
  }
  const timer = setInterval(retry, RETRY_MS)
  timer.unref()
  const close = async () => {
    clearInterval(timer)
    // The last chance of what waits in memory.
    if (journal === undefined) retry()
    await queue.close()
    await journal?.close()
  }
  let closing: Promise<void> | undefined
  return {
    write: (call) => (journal ?? queue).write(call),
    start: (call) => journal?.start?.(call),
    leaveOut: (reason) => (journal ?? queue).leaveOut?.(reason),
    // First what is on its way from memory: what cannot be stored goes to the journal.
    async flush() {
      await queue.flush()
      await journal?.flush()
    },
    async flushBeforeExit() {
      await queue.flushBeforeExit()
      await journal?.flushBeforeExit()
    },
    close: () => (closing ??= close()),
    flushNow() {
      clearInterval(timer)
      if (journal === undefined) retry()
      queue.flushNow()
      journal?.flushNow()
    },
    journalBytes: () => journal?.journalBytes() ?? 0,
    stats: () => outcomes.stats(),
  }
}
