import { setImmediate } from 'node:timers'

import type { Destination } from '../../destination/destination.ts'
import type { Reporter } from '../../reporter.ts'
import { answerBatch } from './answer-batch.ts'
import { createMainThreadTarget, MAIN_THREAD_SLICE } from './main-thread-target.ts'
import { startStoreWorker } from './start-store-worker.ts'
import type { BatchAnswer, LineBatch } from './worker-protocol.ts'
import { warnWorkerGone, warnWorkerMissing } from './worker-warnings.ts'

/**
 * Stores batches of lines from memory: in a worker thread, or in small slices on the main thread if no worker can run. It
 * starts with the first batch.
 */
export interface MemoryDrain {
  send(batch: LineBatch): void
  /** Blocks until the batch with this id is answered, or `timeoutMs` has passed. For a process that is exiting. */
  waitFor(id: number, timeoutMs: number): void
  /** Ends the worker once sent batches are answered. The next batch starts another one. */
  rest(): void
  /** Ends once sent batches are answered; never rejects. */
  close(): Promise<void>
}

export interface MemoryDrainOptions {
  readonly database: Destination
  readonly reporter: Reporter
  readonly onAnswer: (answer: BatchAnswer) => void
  /** The worker ended by itself. Batches without an answer must be sent again. */
  readonly onLost: () => void
}

/** Makes a drain; nothing starts before the first batch. */
export function createMemoryDrain({ database, reporter, onAnswer, onLost }: MemoryDrainOptions): MemoryDrain {
  let thread: Thread | undefined
  const onGone = (why: Error) => {
    warnWorkerGone(reporter, why)
    thread = localThread(database, onAnswer)
    onLost()
  }
  const start = (): Thread => {
    try {
      return workerThread(database, { onAnswer, onGone })
    } catch (error) {
      warnWorkerMissing(reporter, error)
      return localThread(database, onAnswer)
    }
  }
  return {
    send: (batch) => (thread ??= start()).send(batch),
    waitFor: (id, timeoutMs) => thread?.waitFor(id, timeoutMs),
    rest() {
      void thread?.close()
      thread = undefined
    },
    async close() {
      await thread?.close()
      thread = undefined
    },
  }
}

type Thread = Omit<MemoryDrain, 'rest'>

interface WorkerEvents {
  readonly onAnswer: (answer: BatchAnswer) => void
  readonly onGone: (why: Error) => void
}

// Throws if Node cannot start a worker.
function workerThread(database: Destination, { onAnswer, onGone }: WorkerEvents): Thread {
  const answered = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  let isGone = false
  const worker = startStoreWorker<BatchAnswer>(
    database,
    { work: { answered }, closing: 'close' },
    {
      onMessage: onAnswer,
      onGone(why) {
        isGone = true
        onGone(why)
      },
    },
  )
  return {
    send: (batch) => worker.send(batch),
    waitFor(id, timeoutMs) {
      const deadlineMs = performance.now() + timeoutMs
      for (let last = Atomics.load(answered, 0); last < id && !isGone; last = Atomics.load(answered, 0)) {
        if (Atomics.wait(answered, 0, last, Math.max(0, deadlineMs - performance.now())) === 'timed-out') break
      }
      worker.takeMessages()
    },
    close: () => worker.close(),
  }
}

function localThread(database: Destination, onAnswer: (answer: BatchAnswer) => void): Thread {
  const target = createMainThreadTarget(database)
  let last: Promise<void> = Promise.resolve()
  const writeSlices = async ({ id, lines }: LineBatch): Promise<BatchAnswer> => {
    let answer: BatchAnswer = { id, stored: 0, deduplicated: 0, rejected: [] }
    for (let from = 0; from < lines.length; from += MAIN_THREAD_SLICE) {
      const slice = await answerBatch(target, { id, lines: lines.slice(from, from + MAIN_THREAD_SLICE) })
      if (slice.failure !== undefined) return { ...answer, failure: slice.failure, answered: from }
      answer = {
        id,
        stored: answer.stored + slice.stored,
        deduplicated: answer.deduplicated + slice.deduplicated,
        rejected: [...answer.rejected, ...slice.rejected],
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
    return answer
  }
  return {
    send(batch) {
      last = last.then(async () => onAnswer(await writeSlices(batch)))
    },
    // Slices need the event loop, which an exiting process no longer has.
    waitFor: () => {},
    async close() {
      await last
      await target.close().catch(() => {})
    },
  }
}
