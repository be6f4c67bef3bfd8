import { clearInterval, setInterval } from 'node:timers'

import type { Destination } from '../destination/destination.ts'
import type { Reporter } from '../reporter.ts'
import type { ApplicationSink } from './application-sink.ts'
import type { CallOutcomes } from './outcomes/call-outcomes.ts'
import { createCallQueue } from './memory/call-queue.ts'
import type { JournalSink } from './journal/journal-sink.ts'

export interface RecoveringSinkOptions {
  readonly database: Destination
  readonly folder: string
  readonly reporter: Reporter
  readonly outcomes: CallOutcomes
  readonly maxWaiting?: number | undefined
  /** Throws as long as the folder cannot be used. */
  readonly openJournal: () => JournalSink
  /** Why the folder cannot be used now. */
  readonly why: string
}

const RETRY_MS = 1_000

/** A sink whose journal cannot be opened yet. Calls wait in memory, and move to the journal once it can be opened. */
export function createRecoveringSink(options: RecoveringSinkOptions): ApplicationSink {
  const { folder, reporter, outcomes, openJournal, why } = options
  let journal: JournalSink | undefined
  let hasWarned = false
  let closing: Promise<void> | undefined
  // If the database cannot be written either, the warning about that is more useful.
  const onFirstStored = () => {
    hasWarned = true
    reporter.warn(
      'journal-missing',
      `calls wait in memory until they are stored, because no journal can be opened in ${folder}: ${why}`,
    )
  }
  const queue = createCallQueue({ ...options, onFirstStored })
  const retry = () => {
    if (journal !== undefined) return
    try {
      journal = openJournal()
    } catch {
      return
    }
    clearInterval(timer)
    queue.retire(journal.take)
    if (!hasWarned) return
    reporter.warn(
      'journal-back',
      `the journal in ${folder} is open now; from now on calls survive the end of this process`,
    )
  }
  const timer = setInterval(retry, RETRY_MS)
  timer.unref()
  // The last chance of calls that wait in memory.
  const retryAtTheEnd = () => {
    clearInterval(timer)
    retry()
  }
  const close = async () => {
    retryAtTheEnd()
    await queue.close()
    await journal?.close()
  }
  return {
    write: (call) => (journal ?? queue).write(call),
    start: (call) => journal?.start?.(call),
    leaveOut: (reason) => (journal ?? queue).leaveOut?.(reason),
    // Memory first: calls that cannot be stored from there go to the journal.
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
      retryAtTheEnd()
      queue.flushNow()
      journal?.flushNow()
    },
    waitingLines: () => [...queue.waitingLines(), ...(journal?.waitingLines() ?? [])],
    journalBytes: () => journal?.journalBytes() ?? 0,
    stats: outcomes.stats,
  }
}
