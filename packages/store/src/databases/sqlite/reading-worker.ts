import { parentPort, workerData } from 'node:worker_threads'
import { packProblem } from './reading-problem.ts'
import { openSqlite } from './sqlite.ts'
import type { ReadingQuery, ReadingResult, ReadingWorkerData } from './reading-protocol.ts'

// Runs in a worker thread, because SQLite blocks its thread until a query is finished.
const { path, usesRollups } = workerData as ReadingWorkerData // made by `readInThreads`
const { callTables } = openSqlite({
  path,
  usesRollups,
  readOnly: true,
  privateFolder: false,
  busyTimeoutMs: 5000,
  now: Date.now,
  readingThreads: 0,
  holdsSmallTables: false,
})

parentPort?.on('message', (query: ReadingQuery) => {
  void resultOf(query).then((result) => parentPort?.postMessage(result))
})

async function resultOf({ method, given }: ReadingQuery): Promise<ReadingResult> {
  try {
    const run = callTables[method] as (...values: readonly unknown[]) => Promise<unknown> // the caller types it
    return { answer: await run(...given) }
  } catch (error) {
    return { problem: packProblem(error) }
  }
}
