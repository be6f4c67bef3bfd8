import { type Call, toCallLine } from '@spanledger/core'
import {
  createDrainSignals,
  createJournal,
  DEFAULT_MAX_BYTES,
  type DrainEvent,
  type FrameKind,
  type JournalDurability,
  listDirectories,
} from '@spanledger/journal'
import type { ApplicationSink } from './application-sink.ts'
import { type Destination, databaseName } from '../destination/destination.ts'
import { createDrainThread, type DrainThread } from './worker/drain-thread.ts'
import { createFateWatch } from './fate-watch.ts'
import { createJournalMarks } from './journal-marks.ts'
import type { Reporter } from '../reporter.ts'
import type { CallOutcomes } from './call-outcomes.ts'

export interface JournalSinkOptions {
  readonly database: Destination
  readonly folder: string
  readonly durability: JournalDurability
  readonly maxBytes?: number | undefined
  readonly whenFull?: 'drop-newest' | 'drop-oldest' | undefined
  /** One process at a time may write to this database. */
  readonly isExclusive: boolean
  readonly reporter: Reporter
  /** Counts what becomes of calls. */
  readonly outcomes: CallOutcomes
}

/** A sink with a journal. */
export interface JournalSink extends ApplicationSink {
  /** Takes over the line of a call that is counted already; false if it cannot. */
  take(line: string): boolean
}

const FLUSH_MS = 5_000
const SUPERVISE_MS = 1_000
/**
 * What a process that ends waits for: its worker, if that has not stored anything yet, and the last batch. A backlog stays
 * in the journal.
 */
const END_MS = { start: 5_000, batch: 2_000, backlog: 100 }
const BATCH = 512
const NEARLY_FULL = 0.8

/** A sink that appends calls to a journal, which a worker drains into the database. Throws if the folder cannot be used. */
export function createJournalSink(options: JournalSinkOptions): JournalSink {
  const { database, folder, reporter, outcomes, maxBytes = DEFAULT_MAX_BYTES } = options
  const fates = createFateWatch({ folder, outcomes, reporter })
  const signals = createDrainSignals()
  const marks = createJournalMarks(outcomes)
  let drain: DrainThread | undefined
  let isClosed = false
  let isFailing = false
  const journal = createJournal({
    folder,
    signals,
    durability: options.durability,
    maxBytes,
    whenFull: options.whenFull,
    onWriter(writer) {
      fates.started(writer)
      drain?.addWriter(writer)
    },
    onFull: () => options.whenFull === 'drop-oldest' && drain?.dropOldest(),
  })

  const isEmpty = () => {
    const mark = journal.mark()
    return mark === undefined || marks.isSettled(mark)
  }

  // Somebody may have taken the files, and nobody would ever tell of what was in them.
  const lookAround = () => {
    fates.look()
    const writer = journal.mark()?.writer
    // The next call must not go where the last ones went.
    if (writer !== undefined && outcomes.fateOf(writer) !== undefined) journal.rotate()
    marks.release()
  }

  const onEvent = (event: DrainEvent) => {
    if (event.type === 'progress') {
      const { journaled } = outcomes.stats()
      outcomes.progressed(event)
      // Progress over starts alone says nothing about the database.
      if (outcomes.stats().journaled < journaled) isFailing = false
      marks.progressed(event)
      for (const { reason, message } of event.rejections) {
        reporter.warn(`rejected-${reason}`, `a call was not stored: ${message}; see spanledger drain --requeue`)
      }
      marks.release()
    } else if (event.type === 'failed') {
      isFailing = true
      reporter.warn(
        'store-failed',
        `cannot store calls: ${event.message}. They wait in ${folder} and are tried again, after the end of this process too`,
      )
      marks.releaseAll()
    } else if (event.type === 'sync-failed') {
      journal.rotate()
      reporter.warn('journal-sync', `the journal could not be synced to the disk: ${event.message}`)
    } else if (event.type === 'quarantined') {
      reporter.warn(
        'journal-damaged',
        `${event.file} was put aside: it is damaged, or the full disk had no room for its refused calls; all else of it is stored`,
      )
    }
  }

  const drainOf = (): DrainThread => {
    if (drain !== undefined) return drain
    const { isExclusive } = options
    const started = createDrainThread({ database, folder, signals, isExclusive, reporter, onEvent })
    const writer = journal.mark()?.writer
    if (writer !== undefined) started.addWriter(writer)
    drain = started
    return started
  }

  const supervisor = setInterval(() => {
    drain?.supervise()
    lookAround()
    if (journal.usedBytes() < maxBytes * NEARLY_FULL) return
    const percent = Math.round((journal.usedBytes() / maxBytes) * 100)
    reporter.warn('journal-nearly-full', `the journal ${folder} is ${percent} % full; the database does not keep up`)
  }, SUPERVISE_MS)
  supervisor.unref()

  const appendLine = (kind: FrameKind, line: string) => {
    const problem = journal.append(kind, line)
    if (problem === undefined && kind === 'call') outcomes.appended()
    return problem
  }

  const append = (kind: FrameKind, call: Call) => {
    const problem = appendLine(kind, toCallLine(call))
    // What was said can be as large as it likes; that something was said must not be lost with it.
    return problem?.reason === 'too_large' ? appendLine(kind, toCallLine({ ...call, content: null })) : problem
  }

  const wake = () => {
    const thread = drainOf()
    if (signals.mustWake()) thread.wake()
  }

  const flushWithin = (timeoutMs: number) =>
    new Promise<void>((resolve) => {
      lookAround()
      const mark = journal.mark()
      if (mark === undefined || marks.isSettled(mark)) return resolve()
      // Whoever flushes wants to go on living until it is done.
      const keepAlive = setTimeout(resolve, timeoutMs)
      const end = () => {
        clearTimeout(keepAlive)
        resolve()
      }
      marks.wait(mark, end)
      drainOf().wake('now')
    })

  // One batch is worth waiting for, a backlog is not.
  const endMs = () => {
    if (!marks.hasBegun()) return END_MS.start
    return outcomes.stats().journaled <= BATCH ? END_MS.batch : END_MS.backlog
  }

  const sayRest = () => {
    outcomes.sayLosses(reporter)
    const { journaled } = outcomes.stats()
    // Whoever has been told that they cannot be stored knows already.
    if (journaled === 0 || isFailing) return
    reporter.warn(
      'journal-rest',
      `${journaled} calls wait in ${folder} for ${databaseName(database)}; they are stored when the application runs again, or by: npx spanledger drain`,
    )
  }

  const close = async () => {
    const deadlineMs = performance.now() + FLUSH_MS
    lookAround()
    if (!isEmpty()) await flushWithin(FLUSH_MS)
    isClosed = true
    clearInterval(supervisor)
    journal.close()
    const leftMs = Math.max(END_MS.backlog, deadlineMs - performance.now())
    if (drain !== undefined) await withinMs(drain.close(), leftMs)
    lookAround()
    journal.release()
    sayRest()
    // A warning speaks on the next turn, and many end the process right after this.
    await new Promise((resolve) => setImmediate(resolve))
  }

  // What others have left need not wait for the first call.
  if (listDirectories(folder).length > 0) drainOf()

  let closing: Promise<void> | undefined
  return {
    take(line) {
      if (isClosed || appendLine('call', line) !== undefined) return false
      wake()
      return true
    },
    leaveOut: (reason) => outcomes.leftOut(reason, reporter),
    write(call) {
      outcomes.generated()
      if (isClosed) return outcomes.dropped('closed')
      try {
        const problem = append('call', call)
        if (problem !== undefined) {
          outcomes.dropped(problem.reason)
          reporter.warn(`dropped-${problem.reason}`, `a call was not recorded: ${problem.message}`)
        }
        wake()
      } catch (error) {
        outcomes.rejected('invalid_call')
        reporter.warn('rejected-invalid_call', `a call was not stored: ${messageOf(error)}`)
      }
    },
    start(call) {
      if (isClosed) return
      append('start', call)
      wake()
    },
    flush: () => flushWithin(FLUSH_MS),
    flushBeforeExit: () => flushWithin(endMs()),
    close: () => (closing ??= close()),
    flushNow() {
      if (isClosed) return
      isClosed = true
      clearInterval(supervisor)
      journal.close()
      lookAround()
      const deadlineMs = performance.now() + endMs()
      drain?.wake('now')
      while (drain !== undefined && !isEmpty() && !isFailing) {
        const leftMs = deadlineMs - performance.now()
        if (leftMs <= 0 || !drain.waitForEvent(leftMs)) break
      }
      journal.release()
      sayRest()
    },
    journalBytes: () => (isClosed ? 0 : journal.usedBytes()),
    stats: () => outcomes.stats(),
  }
}

async function withinMs(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work, timeout])
  clearTimeout(timer)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
