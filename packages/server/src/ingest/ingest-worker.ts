import { createContentPolicy, createRedactor } from '@spanledger/core'
import { openStore } from '@spanledger/store'
import { parentPort, workerData } from 'node:worker_threads'
import { createIngest } from './create-ingest.ts'
import type { Ingest } from './ingest.ts'
import type { IngestMessage, IngestRequest, IngestWorkerData } from './worker-protocol.ts'

// Runs in a worker thread: decoding, converting and writing block, and whoever asks the server must not wait for that.
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
  answer(ingest, request).then(
    (value) => {
      say({ say: 'answer', id: request.id, value })
      if (request.ask === 'close') parentPort?.close()
    },
    (error: unknown) =>
      say({ say: 'failure', id: request.id, message: error instanceof Error ? error.message : String(error) }),
  )
})
say({ say: 'ready' })

function answer(ingest: Ingest, request: IngestRequest): Promise<unknown> {
  if (request.ask === 'spans') return ingest.spans(request.body, request.format)
  if (request.ask === 'lines') return ingest.lines(request.body)
  if (request.ask === 'write') return ingest.write(request.calls)
  if (request.ask === 'snapshot') return ingest.snapshot()
  return ingest.close().then(() => store.close())
}

function say(message: IngestMessage): void {
  parentPort?.postMessage(message)
}
