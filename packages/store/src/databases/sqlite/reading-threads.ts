import type { Worker } from 'node:worker_threads'
import { errorMessageOf } from '@spanledger/core'
import { unpackProblem } from './reading-problem.ts'
import {
  LONG_QUERIES,
  type LongQuery,
  type ReadingQuery,
  type ReadingResult,
  type ReadingWorkerData,
} from './reading-protocol.ts'
import type { CallTables } from '../call-tables.ts'
import type { OpenDatabase } from '../database.ts'
import { startOwnThread } from '../../threads/index.ts'

/** Options of `readInThreads`. */
export interface ReadingThreadsOptions {
  readonly path: string
  readonly usesRollups: boolean
  /** The maximum; each is started on demand. */
  readonly threads: number
}

interface PendingQuery {
  readonly query: ReadingQuery
  resolve(answer: unknown): void
  reject(problem: Error): void
}

/**
 * The same database, but queries that may take long run on threads, each with a connection of its own, so that they block
 * neither this thread nor each other.
 */
export function readInThreads(database: OpenDatabase, options: ReadingThreadsOptions): OpenDatabase {
  const { callTables } = database
  const waiting: PendingQuery[] = []
  const idle = new Set<Worker>()
  const busy = new Map<Worker, PendingQuery>()
  let isOpen = true

  // Only a thread with a query keeps the process alive.
  function ask(worker: Worker, pending: PendingQuery): void {
    worker.postMessage(pending.query)
    idle.delete(worker)
    busy.set(worker, pending)
    worker.ref()
  }

  function answered(worker: Worker, result: ReadingResult): void {
    const pending = busy.get(worker)
    busy.delete(worker)
    if ('problem' in result) pending?.reject(unpackProblem(result.problem))
    else pending?.resolve(result.answer)
    // `close` waits for the thread to end, so it must keep the process alive until then.
    if (!isOpen) return
    const next = waiting.shift()
    if (next !== undefined) return ask(worker, next)
    idle.add(worker)
    worker.unref()
  }

  function ended(worker: Worker, why: string): void {
    idle.delete(worker)
    const pending = busy.get(worker)
    busy.delete(worker)
    pending?.reject(new Error(`The thread that was reading ${options.path} ended (${why}); try again`))
    const next = waiting.shift()
    if (next !== undefined) send(next)
  }

  function send(pending: PendingQuery): void {
    const [worker] = idle
    if (worker !== undefined) return ask(worker, pending)
    if (busy.size < options.threads) return ask(start(options, { answered, ended }), pending)
    waiting.push(pending)
  }

  const queries = Object.fromEntries(
    LONG_QUERIES.map((method) => [
      method,
      (...given: readonly unknown[]) => {
        if (!isOpen) return (callTables[method] as (...values: readonly unknown[]) => unknown)(...given) // rejects, because it is closed
        return new Promise((resolve, reject) => send({ query: { method, given }, resolve, reject }))
      },
    ]),
  ) as unknown as Pick<CallTables, LongQuery> // a thread returns the result of the same method

  return {
    ...database,
    callTables: { ...callTables, ...queries },
    async close() {
      isOpen = false
      for (const { reject } of waiting.splice(0)) reject(new Error(`The store at ${options.path} is closed`))
      const workers = [...idle, ...busy.keys()]
      for (const worker of workers) worker.ref()
      await Promise.all(workers.map((worker) => worker.terminate()))
      await database.close()
    },
  }
}

interface WorkerListener {
  answered(worker: Worker, result: ReadingResult): void
  ended(worker: Worker, why: string): void
}

function start({ path, usesRollups }: ReadingThreadsOptions, { answered, ended }: WorkerListener): Worker {
  const worker = startOwnThread<ReadingWorkerData>({
    beside: import.meta.url,
    module: 'reading-worker',
    data: { path, usesRollups },
  })
  let why = 'it was stopped'
  worker.on('message', (result: ReadingResult) => answered(worker, result))
  worker.on('error', (error) => {
    why = errorMessageOf(error)
  })
  worker.on('exit', () => ended(worker, why))
  return worker
}
