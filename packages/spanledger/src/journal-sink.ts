import { type Call, toCallLine } from '@spanledger/core'
import {
  createDrainSignals,
  createJournal,
  DEFAULT_MAX_BYTES,
  type DrainEvent,
  type FrameKind,
  type JournalDurability,
  type JournalMark,
} from '@spanledger/journal'
import type { ApplicationSink } from './application-sink.ts'
import { type Destination, databaseName } from './database-url.ts'
import { createDrainThread, type DrainThread } from './drain-thread.ts'
import type { Reporter } from './reporter.ts'
import { createTally } from './tally.ts'

export interface JournalSinkOptions {
  readonly database: Destination
  readonly folder: string
  readonly durability: JournalDurability
  readonly maxBytes?: number | undefined
  readonly whenFull?: 'drop-newest' | 'drop-oldest' | undefined
  /** One process at a time may write to this database. */
  readonly isExclusive: boolean
  readonly reporter: Reporter
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

interface Waiter {
  readonly mark: JournalMark
  readonly resolve: () => void
}

/** A sink that appends calls to a journal, which a worker drains into the database. Throws if the folder cannot be used. */
export function createJournalSink(options: JournalSinkOptions): ApplicationSink {
  const { database, folder, reporter, maxBytes = DEFAULT_MAX_BYTES } = options
  const tally = createTally()
  const signals = createDrainSignals()
  let waiters: Waiter[] = []
  let drain: DrainThread | undefined
  let last = { number: 0, offset: 0, doneThrough: 0 }
  let isClosed = false
  let isFailing = false
  const journal = createJournal({
    folder,
    signals,
    durability: options.durability,
    maxBytes,
    whenFull: options.whenFull,
    onWriter: (writer) => drain?.addWriter(writer),
    onFull: () => options.whenFull === 'drop-oldest' && drain?.dropOldest(),
  })

  const isSettled = ({ number, offset }: JournalMark) =>
    last.number > number ||
    (last.number === number && last.offset >= offset) ||
    (offset === 0 && last.doneThrough >= number - 1)
  const isEmpty = () => {
    const mark = journal.mark()
    return mark === undefined || isSettled(mark)
  }
  const release = (isReleased: (waiter: Waiter) => boolean) => {
    const released = waiters.filter(isReleased)
    waiters = waiters.filter((waiter) => !released.includes(waiter))
    for (const { resolve } of released) resolve()
  }

  const onEvent = (event: DrainEvent) => {
    if (event.type === 'progress') {
      const { journaled } = tally.stats()
      tally.progressed(event)
      // Progress over starts alone says nothing about the database.
      if (tally.stats().journaled < journaled) isFailing = false
      if (event.number > last.number) last = { ...last, number: event.number, offset: event.offset }
      else if (event.number === last.number) last = { ...last, offset: Math.max(last.offset, event.offset) }
      if (event.isDone) last = { ...last, doneThrough: Math.max(last.doneThrough, event.number) }
      for (const { reason, message } of event.rejections) {
        reporter.warn(`rejected-${reason}`, `a call was not stored: ${message}; see spanledger drain --requeue`)
      }
      release(({ mark }) => isSettled(mark))
    } else if (event.type === 'failed') {
      isFailing = true
      reporter.warn(
        'store-failed',
        `cannot store calls: ${event.message}. They wait in ${folder} and are tried again, after the end of this process too`,
      )
      release(() => true)
    } else if (event.type === 'sync-failed') {
      journal.rotate()
      reporter.warn('journal-sync', `the journal could not be synced to the disk: ${event.message}`)
    } else if (event.type === 'quarantined') {
      reporter.warn('journal-damaged', `${event.file} is damaged and was put aside; what it held undamaged is stored`)
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
    if (journal.usedBytes() < maxBytes * NEARLY_FULL) return
    const percent = Math.round((journal.usedBytes() / maxBytes) * 100)
    reporter.warn('journal-nearly-full', `the journal ${folder} is ${percent} % full; the database does not keep up`)
  }, SUPERVISE_MS)
  supervisor.unref()

  const append = (kind: FrameKind, call: Call) => {
    const problem = journal.append(kind, toCallLine(call))
    // What was said can be as large as it likes; that something was said must not be lost with it.
    return problem?.reason === 'too_large' ? journal.append(kind, toCallLine({ ...call, content: null })) : problem
  }

  const wake = () => {
    const thread = drainOf()
    if (signals.mustWake()) thread.wake()
  }

  const flushWithin = (timeoutMs: number) =>
    new Promise<void>((resolve) => {
      const mark = journal.mark()
      if (mark === undefined || isSettled(mark)) return resolve()
      // Whoever flushes wants to go on living until it is done.
      const keepAlive = setTimeout(resolve, timeoutMs)
      const end = () => {
        clearTimeout(keepAlive)
        resolve()
      }
      waiters.push({ mark, resolve: end })
      drainOf().wake('now')
    })

  // One batch is worth waiting for, a backlog is not.
  const endMs = () => {
    if (last.number === 0) return END_MS.start
    return tally.stats().journaled <= BATCH ? END_MS.batch : END_MS.backlog
  }

  const sayRest = () => {
    tally.sayLosses(reporter)
    const { journaled } = tally.stats()
    // Whoever has been told that they cannot be stored knows already.
    if (journaled === 0 || isFailing) return
    reporter.warn(
      'journal-rest',
      `${journaled} calls wait in ${folder} for ${databaseName(database)}; they are stored when the application runs again, or by: npx spanledger drain`,
    )
  }

  const close = async () => {
    const deadlineMs = performance.now() + FLUSH_MS
    if (!isEmpty()) await flushWithin(FLUSH_MS)
    isClosed = true
    clearInterval(supervisor)
    journal.close()
    const leftMs = Math.max(END_MS.backlog, deadlineMs - performance.now())
    if (drain !== undefined) await withinMs(drain.close(), leftMs)
    journal.release()
    sayRest()
    // A warning speaks on the next turn, and many end the process right after this.
    await new Promise((resolve) => setImmediate(resolve))
  }

  let closing: Promise<void> | undefined
  return {
    write(call) {
      tally.generated()
      if (isClosed) return tally.dropped('closed')
      try {
        const problem = append('call', call)
        if (problem !== undefined) {
          tally.dropped(problem.reason)
          reporter.warn(`dropped-${problem.reason}`, `a call was not recorded: ${problem.message}`)
        }
        wake()
      } catch (error) {
        tally.rejected('invalid_call')
        reporter.warn('rejected-invalid_call', `a call was not stored: ${messageOf(error)}`)
      }
    },
    start(call) {
      if (isClosed) return
      append('start', call)
      wake()
    },
    flush: () => flushWithin(FLUSH_MS),
    settle: () => flushWithin(endMs()),
    close: () => (closing ??= close()),
    drainNow() {
      if (isClosed) return
      isClosed = true
      clearInterval(supervisor)
      journal.close()
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
    stats: () => tally.stats(),
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
