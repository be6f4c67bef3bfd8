import { openStore, type OpenStoreOptions } from '@spanledger/store'
import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'

/** Start data of the thread that builds rollups. */
export interface RollupWorkerData {
  readonly database: Omit<OpenStoreOptions, 'now'>
}

// Lets waiting writers in between two days.
const PAUSE_MS = 20

// Runs in a worker thread, because SQLite blocks its thread while it builds a day.
const { database } = workerData as RollupWorkerData // made by `startRollupBuild`
const store = await openStore(database)
const days: number[] = []
for await (const day of store.rebuildRollups()) {
  days.push(day)
  await sleep(PAUSE_MS)
}
await store.close()
parentPort?.postMessage(days.length)
