import { createDrainSignals, createJournalDrain, type DrainEvent, type DrainSignals } from '@spanledger/journal'
import type { Destination } from '../../destination/destination.ts'
import type { JournalAnswer, JournalRequest } from './drain-protocol.ts'
import { createMainThreadTarget, MAIN_THREAD_SLICE } from './main-thread-target.ts'
import type { Reporter } from '../../reporter.ts'
import { startStoreWorker, type StoreWorker } from './start-store-worker.ts'

/** Drains a journal away from the event loop: in a worker thread, started again when it dies or stands still. */
export interface DrainThread {
  wake(when?: 'now'): void
  addWriter(writer: string): void
  dropOldest(): void
  /** False until it has started to work. */
  isReady(): boolean
  /** Blocks until it has told something, or the time is over, and takes what it told; false if nothing can come this way. */
  waitForEvent(timeoutMs: number): boolean
  /** To be called once a second. */
  supervise(): void
  close(): Promise<void>
}

export interface DrainThreadOptions {
  readonly database: Destination
  readonly folder: string
  readonly signals: DrainSignals
  readonly isExclusive: boolean
  readonly reporter: Reporter
  readonly onEvent: (event: DrainEvent) => void
}

/** Looks of the supervisor, a second apart, that find a worker standing still before it is replaced. */
const STALLED_LOOKS = 4
/** A look that comes so long after the last one says nothing about the worker. */
const LATE_LOOK_MS = 1_250
/** The same for one that has not begun yet: where many processes start at once on few cores, that takes its time. */
const STARTING_LOOKS = 60
/** Workers that die so often, one after the other, are not tried again. */
const MAX_RESTARTS = 5
const CALM_MS = 60_000

export function createDrainThread(options: DrainThreadOptions): DrainThread {
  const { database, folder, signals, isExclusive, reporter, onEvent } = options
  const writers: string[] = []
  let thread: Thread
  let isReady = false
  let restarts = 0
  let startedMs = 0
  let beats = 0
  let stillLooks = 0
  let lookedMs = performance.now()

  const onAnswer = (answer: JournalAnswer) => {
    if (answer.type === 'ready') isReady = true
    else onEvent(answer)
  }
  const startLocal = (): Thread => {
    isReady = true
    return startLocalThread(options, writers)
  }
  const onGone = (why: Error) => {
    if (performance.now() - startedMs > CALM_MS) restarts = 0
    restarts += 1
    if (isReady && restarts <= MAX_RESTARTS) {
      reporter.warn('worker-restarted', `the worker thread that stores calls is started again: ${why.message}`)
      thread = start()
      return
    }
    reporter.warn(
      'worker-gone',
      `no worker thread can store calls (${why.message}); storing them in small slices on the main thread`,
    )
    thread = startLocal()
  }
  const start = (): Thread => {
    startedMs = performance.now()
    stillLooks = 0
    isReady = false
    try {
      const work = { folder, signals: signals.memory, writers: [...writers], isExclusive }
      return workerThread(startStoreWorker(database, { work, closing: CLOSING }, { onMessage: onAnswer, onGone }))
    } catch (error) {
      reporter.warn(
        'worker-missing',
        `no worker thread could be started (${error instanceof Error ? error.message : String(error)}); storing calls in small slices on the main thread`,
      )
      return startLocal()
    }
  }
  thread = start()
  return {
    wake: (when) => thread.wake(when),
    addWriter(writer) {
      writers.push(writer)
      thread.addWriter(writer)
    },
    dropOldest: () => thread.dropOldest(),
    isReady: () => isReady,
    waitForEvent: (timeoutMs) => thread.waitForEvent(signals, timeoutMs),
    supervise() {
      const now = signals.beats()
      const atMs = performance.now()
      // A look that comes late says that this thread was held up itself, and that the other one may have been with it.
      const isLate = atMs - lookedMs > LATE_LOOK_MS
      lookedMs = atMs
      if (now !== beats) stillLooks = 0
      else if (!isLate) stillLooks += 1
      beats = now
      const patience = isReady ? STALLED_LOOKS : STARTING_LOOKS
      if (stillLooks < patience || !thread.canStall) return
      thread.terminate()
      onGone(new Error(`it has stood still for ${patience} seconds`))
    },
    close: () => thread.close(),
  }
}

const CLOSING: JournalRequest = { type: 'close' }

interface Thread {
  readonly canStall: boolean
  wake(when?: 'now'): void
  addWriter(writer: string): void
  dropOldest(): void
  waitForEvent(signals: DrainSignals, timeoutMs: number): boolean
  terminate(): void
  close(): Promise<void>
}

function workerThread(worker: StoreWorker): Thread {
  const send = (request: JournalRequest) => worker.send(request)
  return {
    canStall: true,
    wake: (when) => send({ type: 'wake', now: when === 'now' }),
    addWriter: (writer) => send({ type: 'writer', writer }),
    dropOldest: () => send({ type: 'drop-oldest' }),
    waitForEvent(signals, timeoutMs) {
      signals.waitForEvent(timeoutMs)
      worker.takeMessages()
      return true
    },
    terminate: () => worker.terminate(),
    close: () => worker.close(),
  }
}

function startLocalThread(
  { database, folder, signals, isExclusive, onEvent }: DrainThreadOptions,
  writers: readonly string[],
): Thread {
  const target = createMainThreadTarget(database)
  const given = { folder, target, signals: createDrainSignals(signals.memory), isExclusive, onEvent }
  const drain = createJournalDrain({ ...given, maxRows: MAIN_THREAD_SLICE, isBackground: true })
  for (const writer of writers) drain.addWriter(writer)
  return {
    canStall: false,
    wake: drain.wake,
    addWriter: drain.addWriter,
    dropOldest: drain.dropOldest,
    // It needs the event loop, which an exiting process no longer has.
    waitForEvent: () => false,
    terminate: () => {},
    close: drain.close,
  }
}
