import { setImmediate } from 'node:timers'
import type { Call } from '@spanledger/core'
import { DEFAULT_MAX_BYTES, listDirectories } from '@spanledger/journal'
import { within } from '@spanledger/journal/time'
import { databaseName } from '../../destination/destination.ts'
import type { ApplicationSink } from '../application-sink.ts'
import { createDrainedJournal, type DrainedJournalOptions } from './drained-journal.ts'
import { createJournalFlush, END_MS, FLUSH_MS } from './journal-flush.ts'
import { superviseJournal } from './journal-supervisor.ts'

export interface JournalSinkOptions extends Omit<DrainedJournalOptions, 'maxBytes'> {
  readonly maxBytes?: number | undefined
}

/** A sink with a journal. */
export interface JournalSink extends ApplicationSink {
  /** Appends the line of a call that is already counted; false if it cannot. */
  take(line: string): boolean
}

/** A sink that appends calls to a journal, which a worker drains into the database. Throws if the folder cannot be used. */
export function createJournalSink(options: JournalSinkOptions): JournalSink {
  const { folder, reporter, outcomes, maxBytes = DEFAULT_MAX_BYTES } = options
  const drained = createDrainedJournal({ ...options, maxBytes })
  const { journal, append, appendCall, wake } = drained
  const stopSupervisor = superviseJournal({ drained, folder, maxBytes, reporter })
  const { flush, flushBeforeExit, flushNow } = createJournalFlush(drained, outcomes.stats)
  let isClosed = false
  let closing: Promise<void> | undefined

  const write = (call: Call) => {
    outcomes.generated()
    if (isClosed) return outcomes.dropped('closed')
    try {
      const problem = appendCall('call', call)
      if (problem !== undefined) {
        outcomes.dropped(problem.reason)
        reporter.warn(`dropped-${problem.reason}`, `a call was not recorded: ${problem.message}`)
      }
      wake()
    } catch (error) {
      outcomes.invalid(error, reporter)
    }
  }

  const stopAppending = () => {
    isClosed = true
    stopSupervisor()
    journal.close()
  }

  const close = async () => {
    const deadlineMs = performance.now() + FLUSH_MS
    drained.look()
    if (!drained.isEmpty()) await flush()
    stopAppending()
    const leftMs = Math.max(END_MS.backlog, deadlineMs - performance.now())
    const thread = drained.thread()
    if (thread !== undefined) await within(thread.close(), { ms: leftMs, onLate: () => undefined })
    drained.look()
    journal.release()
    warnAboutRest(options, drained.isFailing())
    // A warning is written on the next turn of the event loop, and many processes end right after this.
    await new Promise((resolve) => setImmediate(resolve))
  }

  // Calls that other processes left behind need not wait for the first call.
  if (listDirectories(folder).length > 0) drained.start()

  return {
    take(line) {
      if (isClosed || append('call', line) !== undefined) return false
      wake()
      return true
    },
    leaveOut: (reason) => outcomes.leftOut(reason, reporter),
    write,
    start(call) {
      if (isClosed) return
      appendCall('start', call)
      wake()
    },
    flush,
    flushBeforeExit,
    close: () => (closing ??= close()),
    flushNow() {
      if (isClosed) return
      stopAppending()
      flushNow()
      journal.release()
      warnAboutRest(options, drained.isFailing())
    },
    waitingLines: drained.waitingLines,
    journalBytes: () => (isClosed ? 0 : journal.usedBytes()),
    stats: outcomes.stats,
  }
}

function warnAboutRest({ outcomes, reporter, folder, database }: JournalSinkOptions, isFailing: boolean): void {
  outcomes.warnAboutLosses(reporter)
  const { journaled } = outcomes.stats()
  // The warning about the failure has already reported this.
  if (journaled === 0 || isFailing) return
  reporter.warn(
    'journal-rest',
    `${journaled} calls wait in ${folder} for ${databaseName(database)}; they are stored when the application runs again, or with: npx spanledger drain`,
  )
}
