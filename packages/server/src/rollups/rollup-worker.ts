import { openStore, type OpenStoreOptions } from '@spanledger/store'
import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'

/** What the thread that adds up is started with. */
export interface RollupWorkerData {
  /** What `register` knows threads of ours by. */
  readonly spanledgerWorker: true
  readonly database: Omit<OpenStoreOptions, 'now'>
}

// Those who wait to write while a day is added up are let in before the next one.
const PAUSE_MS = 20

// Runs in a worker thread: a day of SQLite blocks whoever adds it up.
const { database } = workerData as RollupWorkerData // made by `startRollupBuild`
const store = await openStore(database)
const days: number[] = []
for await (const day of store.rebuildRollups()) {
  days.push(day)
  await sleep(PAUSE_MS)
}
await store.close()
parentPort?.postMessage(days.length)
