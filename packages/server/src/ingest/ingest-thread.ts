import { toError } from '@spanledger/core'
import { startOwnThread } from '@spanledger/store/threads'
import { createPendingRequests } from './pending-requests.ts'
import type { IngestMessage, IngestRequest, IngestWorkerData } from './worker-protocol.ts'

/** A request without the id that belongs to it and its answer. */
export type Ask = IngestRequest extends infer Request
  ? Request extends IngestRequest
    ? Omit<Request, 'id'>
    : never
  : never

/** A running thread with an ingest in it. */
export interface IngestThread {
  /** Resolves with the result of the method in the thread. Rejects if the method fails or the thread ends. */
  ask(request: Ask, transfer: readonly ArrayBuffer[]): Promise<unknown>
  isGone(): boolean
  close(): Promise<void>
}

// Enough for the largest body that the limits allow. Objects of a request are short-lived, so a small young generation
// is collected more often and keeps the process small.
const HEAP = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 16 }

// Longer than a database may be locked: a thread that is silent for longer hangs.
const ANSWER_WITHIN_MS = 60_000
const WATCH_EVERY_MS = 1_000

/** Starts a thread. Rejects if its database cannot be opened. Ends a thread that hangs. `onProblem` receives sentences for the log. */
export function startIngestThread(
  workerData: IngestWorkerData,
  onProblem: ((sentence: string) => void) | undefined,
): Promise<IngestThread> {
  const worker = startOwnThread({
    beside: import.meta.url,
    module: 'ingest-worker',
    data: workerData,
    resourceLimits: HEAP,
  })
  const requests = createPendingRequests()
  let isGone = false

  const watch = setInterval(() => {
    if (requests.silentMs() > ANSWER_WITHIN_MS) void worker.terminate()
  }, WATCH_EVERY_MS)
  watch.unref()

  const ask: IngestThread['ask'] = (request, transfer) => {
    if (isGone) return Promise.reject(new Error('The ingest thread has ended'))
    return requests.add((id) => worker.postMessage({ ...request, id }, transfer))
  }

  const close = async () => {
    if (isGone) return
    const exited = new Promise<void>((resolve) => {
      worker.once('exit', () => resolve())
    })
    await ask({ ask: 'close' }, []).catch(() => worker.terminate())
    await exited
  }

  return new Promise((resolve, reject) => {
    let failure: Error | undefined
    worker.on('message', (message: IngestMessage) => {
      requests.heard(message)
      if (message.say === 'ready') resolve({ ask, isGone: () => isGone, close })
      else if (message.say === 'problem') onProblem?.(message.message)
    })
    worker.on('error', (error) => {
      failure = toError(error)
    })
    worker.on('exit', (code) => {
      isGone = true
      clearInterval(watch)
      const why = failure ?? new Error(`The ingest thread ended with code ${code}`)
      reject(why)
      requests.fail(why)
    })
  })
}
