import { createContentPolicy, createRedactor, errorMessageOf } from '@spanledger/core'
import { openStore } from '@spanledger/store'
import { parentPort, workerData } from 'node:worker_threads'
import { createIngest } from './create-ingest.ts'
import type { Ingest } from './ingest.ts'
import type { IngestMessage, IngestRequest, IngestWorkerData } from './worker-protocol.ts'

// Runs in a worker thread: decoding, converting and writing block, and other requests must not wait for that.
const { database, content, prices, limits } = workerData as IngestWorkerData // made by `startIngestWorker`
const store = await openStore(database)
const ingest = createIngest({
  store,
  content: createContentPolicy({ mode: content, redactor: createRedactor() }),
  prices,
  limits,
  now: Date.now,
  onProblem: (message) => say({ say: 'problem', message }),
})

parentPort?.on('message', (request: IngestRequest) => {
  answerTo(request.id, request.ask === 'close', answer(ingest, request))
})
say({ say: 'ready' })

function answerTo(id: number, isLast: boolean, answered: Promise<unknown>): void {
  answered.then(
    (value) => {
      say({ say: 'answer', id, value })
      if (isLast) parentPort?.close()
    },
    (error: unknown) => say({ say: 'failure', id, message: errorMessageOf(error) }),
  )
}

function answer(ingest: Ingest, request: IngestRequest): Promise<unknown> {
  if (request.ask === 'spans') return freed(request.body, ingest.spans(request.body, request.format))
  if (request.ask === 'lines') return freed(request.body, ingest.lines(request.body))
  if (request.ask === 'write') return ingest.write(request.calls)
  if (request.ask === 'snapshot') return ingest.snapshot()
  return ingest.close().then(() => store.close())
}

// The memory of a body came over with it. A garbage collector sees the small object, not its large memory, and would let
// a hundred of them pile up.
function freed(body: Uint8Array<ArrayBuffer>, answered: Promise<unknown>): Promise<unknown> {
  return answered.finally(() => body.buffer.transfer(0))
}

function say(message: IngestMessage): void {
  parentPort?.postMessage(message)
}
