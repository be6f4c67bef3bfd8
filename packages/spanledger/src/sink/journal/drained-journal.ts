import { type Call, toCallLine } from '@spanledger/core'
import {
  type AppendProblem,
  createDrainSignals,
  createJournal,
  type FrameKind,
  type Journal,
  type JournalDurability,
  readWaitingLines,
} from '@spanledger/journal'
import type { Destination } from '../../destination/destination.ts'
import type { Reporter } from '../../reporter.ts'
import type { CallOutcomes } from '../outcomes/call-outcomes.ts'
import { createDrainListener } from './drain-listener.ts'
import { createFateWatch } from './fate-watch.ts'
import { createJournalMarks, type JournalMarks } from './journal-marks.ts'
import { createDrainThread, type DrainThread } from '../worker/drain-thread.ts'

/** A journal together with the thread that drains it. The thread starts when it is first needed. */
export interface DrainedJournal {
  readonly journal: Journal
  readonly marks: JournalMarks
  /** Appends a line and counts it. Returns undefined, or why the line was refused. */
  append(kind: FrameKind, line: string): AppendProblem | undefined
  /** The same for a call. One that is too large loses its content. Throws if it cannot be written as a line. */
  appendCall(kind: FrameKind, call: Call): AppendProblem | undefined
  /** Wakes the thread if it sleeps. Call it after appending lines. */
  wake(): void
  /** Starts the thread unless it is running. */
  start(): DrainThread
  /** The thread; undefined if it is not running. */
  thread(): DrainThread | undefined
  /** True if the outcome of every appended call is known. */
  isEmpty(): boolean
  /** True from a failed delivery until a call is stored again. */
  isFailing(): boolean
  /** The lines of ended calls whose outcome is not known yet. Throws if a file cannot be read. */
  waitingLines(): readonly string[]
  /** Checks whether the files are still there. Nothing waits for calls in files that are gone. */
  look(): void
}

export interface DrainedJournalOptions {
  readonly database: Destination
  readonly folder: string
  readonly durability: JournalDurability
  readonly maxBytes: number
  readonly whenFull?: 'drop-newest' | 'drop-oldest' | undefined
  /** Only one process at a time may write to this database. */
  readonly isExclusive: boolean
  readonly reporter: Reporter
  /** Counts what happens to calls. */
  readonly outcomes: CallOutcomes
}

/** Opens a journal; throws if the folder cannot be used. */
export function createDrainedJournal(options: DrainedJournalOptions): DrainedJournal {
  const { database, folder, durability, maxBytes, whenFull, isExclusive, reporter, outcomes } = options
  const { writers } = outcomes
  const signals = createDrainSignals()
  const marks = createJournalMarks(writers)
  const fates = createFateWatch({ folder, outcomes, reporter })
  let thread: DrainThread | undefined
  const journal = createJournal({
    folder,
    signals,
    durability,
    maxBytes,
    whenFull,
    onWriter(writer) {
      fates.started(writer)
      thread?.addWriter(writer)
    },
    onFull: () => whenFull === 'drop-oldest' && thread?.dropOldest(),
  })
  const { onEvent, isFailing } = createDrainListener({ folder, journal, marks, outcomes, reporter })

  function append(kind: FrameKind, line: string): AppendProblem | undefined {
    const problem = journal.append(kind, line)
    if (problem === undefined && kind === 'call') writers.appended()
    return problem
  }

  function start(): DrainThread {
    if (thread !== undefined) return thread
    const started = createDrainThread({ database, folder, signals, isExclusive, reporter, onEvent })
    const writer = journal.mark()?.writer
    if (writer !== undefined) started.addWriter(writer)
    thread = started
    return started
  }

  // Files of other processes are not ours to count.
  function waitingLines(): readonly string[] {
    const unaccounted = new Set(writers.unaccounted())
    if (unaccounted.size === 0) return []
    const lines = readWaitingLines(folder, ({ writer, number }) =>
      unaccounted.has(writer) ? marks.drainedOf(number) : Infinity,
    )
    return [...lines]
  }

  return {
    journal,
    marks,
    append,
    appendCall(kind, call) {
      const problem = append(kind, toCallLine(call))
      // Content may be of any size; the call itself must not be lost because of it.
      return problem?.reason === 'too_large' ? append(kind, toCallLine({ ...call, content: null })) : problem
    },
    wake() {
      const running = start()
      if (signals.mustWake()) running.wake()
    },
    start,
    thread: () => thread,
    isEmpty() {
      const mark = journal.mark()
      return mark === undefined || marks.isPassed(mark)
    },
    isFailing,
    waitingLines,
    look() {
      fates.look()
      const writer = journal.mark()?.writer
      // The next call must not be appended to files that are gone.
      if (writer !== undefined && writers.fateOf(writer) !== undefined) journal.rotate()
      marks.release()
    },
  }
}
