import { workerData } from 'node:worker_threads'
import { createDrainSignals, createJournalDrain, type JournalTarget } from '@spanledger/journal'
import { answerBatch } from './answer-batch.ts'
import type {
  LineBatch,
  StoreWorkerData,
  JournalAnswer,
  JournalRequest,
  JournalWork,
  MemoryWork,
} from './worker-protocol.ts'
import { loadTarget, openTarget } from '../../destination/open-target.ts'

// Runs in a worker thread: SQLite blocks while it commits, and the application must not wait for that.
const { database, port, work } = workerData as StoreWorkerData // made by `startStoreWorker`
// Loading blocks this thread, which then sends no beats. So it comes before `ready`, while more patience is shown.
await loadTarget(database)
const target = openTarget(database)
if ('folder' in work) drainJournal(work, target)
else answerBatches(work, target)

function drainJournal({ folder, signals: memory, writers, isExclusive }: JournalWork, target: JournalTarget): void {
  const post = (answer: JournalAnswer) => port.postMessage(answer)
  const signals = createDrainSignals(memory)
  const drain = createJournalDrain({ folder, target, signals, isExclusive, onEvent: post })
  for (const writer of writers) drain.addWriter(writer)
  port.on('message', (request: JournalRequest) => {
    if (request.type === 'wake') drain.wake(request.now ? 'now' : undefined)
    else if (request.type === 'writer') drain.addWriter(request.writer)
    else if (request.type === 'drop-oldest') drain.dropOldest()
    else void drain.close().then(() => port.close())
  })
  post({ type: 'ready' })
  signals.eventSent()
}

function answerBatches({ answered }: MemoryWork, target: JournalTarget): void {
  let last: Promise<void> = Promise.resolve()
  port.on('message', (message: LineBatch | 'close') => {
    last = last.then(async () => {
      if (message !== 'close') {
        port.postMessage(await answerBatch(target, message))
        Atomics.store(answered, 0, message.id)
        Atomics.notify(answered, 0)
        return
      }
      await target.close().catch(() => {})
      port.close()
    })
  })
}
