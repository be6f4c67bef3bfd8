import { answerBatch } from './answer-batch.ts'
import type { Destination } from '../../destination/destination.ts'
import type { DrainAnswer, DrainBatch } from './drain-protocol.ts'
import { createMainThreadTarget, MAIN_THREAD_SLICE } from './main-thread-target.ts'
import { startStoreWorker } from './start-store-worker.ts'

/** Takes batches from memory to the store. A batch that got no answer is lost with the drain and has to be sent again. */
export interface Drain {
  send(batch: DrainBatch): void
  /** Blocks until the batch with this id and its answer are through, or the time is over; for a process that is exiting. */
  waitFor(id: number, timeoutMs: number): void
  /** Ends after what was sent; never rejects. */
  close(): Promise<void>
}

interface DrainEvents {
  onAnswer(answer: DrainAnswer): void
  /** The drain is gone; whatever it had not answered must go to another one. */
  onGone(why: Error): void
}

/** Drains in a worker thread, away from the application's event loop. */
export function createWorkerDrain(database: Destination, events: DrainEvents): Drain {
  const answered = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  let isGone = false
  const worker = startStoreWorker<DrainAnswer>(
    database,
    { work: { answered }, closing: 'close' },
    {
      onMessage: (answer) => events.onAnswer(answer),
      onGone(why) {
        isGone = true
        events.onGone(why)
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

/** Drains in slices on the main thread, where no worker can run (bundlers move the worker's file away). */
export function createLocalDrain(database: Destination, events: Pick<DrainEvents, 'onAnswer'>): Drain {
  const target = createMainThreadTarget(database)
  let last: Promise<void> = Promise.resolve()
  const writeSlices = async (batch: DrainBatch): Promise<DrainAnswer> => {
    let answer: DrainAnswer = { id: batch.id, stored: 0, deduplicated: 0, rejected: [] }
    for (let from = 0; from < batch.lines.length; from += MAIN_THREAD_SLICE) {
      const slice = await answerBatch(target, {
        id: batch.id,
        lines: batch.lines.slice(from, from + MAIN_THREAD_SLICE),
      })
      if (slice.failure !== undefined) return { ...answer, failure: slice.failure, answered: from }
      answer = {
        id: batch.id,
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
      last = last.then(async () => events.onAnswer(await writeSlices(batch)))
    },
    // Everything here needs the event loop, which an exiting process no longer has.
    waitFor: () => {},
    async close() {
      await last
      await target.close().catch(() => {})
    },
  }
}
