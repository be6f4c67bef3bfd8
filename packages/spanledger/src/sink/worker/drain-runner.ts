import { createDrainSignals, createJournalDrain, type DrainEvent, type DrainSignals } from '@spanledger/journal'
import type { Destination } from '../../destination/destination.ts'
import { createMainThreadTarget, MAIN_THREAD_SLICE } from './main-thread-target.ts'
import { startStoreWorker, type StoreWorkerListener } from './start-store-worker.ts'
import type { JournalAnswer, JournalRequest } from './worker-protocol.ts'

/** Drains a journal, in a worker thread or on the main thread. */
export interface DrainRunner {
  /** False if it runs on this thread, and so cannot stall alone. */
  readonly canStall: boolean
  wake(when?: 'now'): void
  addWriter(writer: string): void
  dropOldest(): void
  /** Blocks until an event arrives or `timeoutMs` has passed, and handles it; false if it cannot wait this way. */
  waitForEvent(timeoutMs: number): boolean
  /** Ends it immediately. It reports nothing afterwards. */
  terminate(): void
  close(): Promise<void>
}

export interface DrainRunnerOptions {
  readonly database: Destination
  readonly folder: string
  readonly signals: DrainSignals
  /** Only one process at a time may write to this database. */
  readonly isExclusive: boolean
  readonly onEvent: (event: DrainEvent) => void
}

const CLOSING: JournalRequest = { type: 'close' }

/** Drains in a worker thread. Throws if Node cannot start one. */
export function drainInWorker(
  { database, folder, signals, isExclusive }: DrainRunnerOptions,
  writers: readonly string[],
  listener: StoreWorkerListener<JournalAnswer>,
): DrainRunner {
  const work = { folder, signals: signals.memory, writers: [...writers], isExclusive }
  const worker = startStoreWorker(database, { work, closing: CLOSING }, listener)
  const send = (request: JournalRequest) => worker.send(request)
  return {
    canStall: true,
    wake: (when) => send({ type: 'wake', now: when === 'now' }),
    addWriter: (writer) => send({ type: 'writer', writer }),
    dropOldest: () => send({ type: 'drop-oldest' }),
    waitForEvent(timeoutMs) {
      signals.waitForEvent(timeoutMs)
      worker.takeMessages()
      return true
    },
    terminate: () => worker.terminate(),
    close: () => worker.close(),
  }
}

/** Drains on the main thread, in slices that do not hold up the event loop. */
export function drainOnMainThread(options: DrainRunnerOptions, writers: readonly string[]): DrainRunner {
  const { database, folder, signals, isExclusive, onEvent } = options
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
