import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads'
import type { FileDatabase } from './database-url.ts'
import type { DrainAnswer, DrainBatch, DrainWorkerData } from './drain-protocol.ts'
import { createStoreWriter } from './store-writer.ts'

/** Takes batches to the store. A batch that got no answer is lost with the drain and has to be sent again. */
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
export function createWorkerDrain(database: FileDatabase, events: DrainEvents): Drain {
  const isSource = import.meta.url.endsWith('.ts')
  const answered = new Int32Array(new SharedArrayBuffer(4))
  // Not the worker's own port: only from this one can answers be taken without the event loop.
  const { port1: port, port2 } = new MessageChannel()
  const workerData: DrainWorkerData = { spanledgerWorker: true, answered, port: port2, ...database }
  const worker = new Worker(new URL(isSource ? './store-worker.ts' : './store-worker.js', import.meta.url), {
    workerData,
    transferList: [port2],
    // Nothing that the application preloads belongs in here, ourselves included.
    execArgv: isSource ? ['--conditions=@spanledger/source', QUIET_SQLITE] : [QUIET_SQLITE],
    stdout: false,
  })
  let isClosing = false
  const takeAnswers = () => {
    for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
      events.onAnswer(next.message as DrainAnswer) // the worker sends nothing else
    }
  }
  const onEnd = (why: Error) => {
    if (isClosing) return
    isClosing = true
    // What it answered before it died needs no second drain.
    takeAnswers()
    port.close()
    events.onGone(why)
  }
  port.on('message', (answer: DrainAnswer) => events.onAnswer(answer))
  worker.on('error', onEnd)
  worker.on('exit', (code) => onEnd(new Error(`the worker ended with code ${code}`)))
  // After the listeners, which would hold the process again.
  worker.unref()
  port.unref()
  return {
    send: (batch) => port.postMessage(batch),
    waitFor(id, timeoutMs) {
      const deadline = Date.now() + timeoutMs
      for (let last = Atomics.load(answered, 0); last < id && !isClosing; last = Atomics.load(answered, 0)) {
        if (Atomics.wait(answered, 0, last, Math.max(0, deadline - Date.now())) === 'timed-out') break
      }
      takeAnswers()
    },
    close: () =>
      new Promise((resolve) => {
        if (isClosing) return resolve()
        isClosing = true
        worker.ref()
        worker.once('exit', () => resolve())
        port.postMessage('close')
      }),
  }
}

// Node 22 warns of node:sqlite at every start; the user of an application cannot do anything about it.
const QUIET_SQLITE = '--disable-warning=ExperimentalWarning'

// Whoever holds the database longer is asked again later: nobody may wait on the main thread.
const LOCAL_BUSY_MS = 20

// Small enough that one slice does not hold up the event loop noticeably.
const SLICE = 32

/** Drains in slices on the main thread, where no worker can run (bundlers move the worker's file away). */
export function createLocalDrain(database: FileDatabase, events: Pick<DrainEvents, 'onAnswer'>): Drain {
  const writer = createStoreWriter(database, LOCAL_BUSY_MS)
  let last: Promise<void> = Promise.resolve()
  const writeSlices = async (batch: DrainBatch): Promise<DrainAnswer> => {
    let answer: DrainAnswer = { id: batch.id, stored: 0, deduplicated: 0, rejected: [] }
    for (let from = 0; from < batch.lines.length; from += SLICE) {
      const slice = await writer.write({ id: batch.id, lines: batch.lines.slice(from, from + SLICE) })
      if (slice.failure !== undefined) return { ...answer, failure: slice.failure }
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
      await writer.close().catch(() => {})
    },
  }
}
