import { workerData } from 'node:worker_threads'
import type { DrainBatch, DrainWorkerData } from './drain-protocol.ts'
import { createStoreWriter } from './store-writer.ts'

// Runs in a worker thread: SQLite blocks while it commits, and the application must not wait for that.
const data = workerData as DrainWorkerData // made by `createWorkerDrain`
const writer = createStoreWriter(data)
let last: Promise<void> = Promise.resolve()

data.port.on('message', (message: DrainBatch | 'close') => {
  last = last.then(async () => {
    if (message !== 'close') {
      data.port.postMessage(await writer.write(message))
      Atomics.store(data.answered, 0, message.id)
      Atomics.notify(data.answered, 0)
      return
    }
    await writer.close()
    data.port.close()
  })
})
