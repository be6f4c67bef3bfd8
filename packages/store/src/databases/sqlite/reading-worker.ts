import { parentPort, workerData } from 'node:worker_threads'
import { packProblem } from './reading-problem.ts'
import { openSqlite } from './sqlite.ts'
import type { ReadingAnswer, ReadingQuestion, ReadingWorkerData } from './reading-protocol.ts'

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

parentPort?.on('message', (question: ReadingQuestion) => {
  void answerOf(question).then((answer) => parentPort?.postMessage(answer))
})

async function answerOf({ method, given }: ReadingQuestion): Promise<ReadingAnswer> {
  try {
    const ask = callTables[method] as (...values: readonly unknown[]) => Promise<unknown> // the caller types it
    return { answer: await ask(...given) }
  } catch (error) {
    return { problem: packProblem(error) }
  }
}
