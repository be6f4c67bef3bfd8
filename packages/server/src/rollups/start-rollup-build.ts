import type { OpenStoreOptions } from '@spanledger/store'
import { Worker } from 'node:worker_threads'
import { errorMessageOf } from '@spanledger/core'
import type { RollupWorkerData } from './rollup-worker.ts'

export interface RollupBuildOptions {
  /** The thread opens the database for itself. */
  readonly database: Omit<OpenStoreOptions, 'now'>
  /** Told how many days were added up, when all are. */
  readonly onDone?: ((days: number) => void) | undefined
  /** Told why it failed; what was asked before is answered as before, and the next start tries again. */
  readonly onProblem?: ((sentence: string) => void) | undefined
}

/** Sums that are being made. */
export interface RollupBuild {
  /** Resolves at the end, whatever it was. */
  readonly ended: Promise<void>
  /** Stops in the middle of a day, of which nothing has happened then. Idempotent. */
  close(): Promise<void>
}

/**
 * Makes the sums of a database that has none (`hasRollups`), in a thread of its own, while everybody reads and writes.
 * Several servers may do so at once: each day is made in one transaction, and comes out the same.
 */
export function startRollupBuild({ database, onDone, onProblem }: RollupBuildOptions): RollupBuild {
  const isSource = import.meta.url.endsWith('.ts')
  const workerData: RollupWorkerData = { spanledgerWorker: true, database }
  const worker = new Worker(new URL(isSource ? './rollup-worker.ts' : './rollup-worker.js', import.meta.url), {
    workerData,
    // Nothing that the application preloads belongs in here, and Node 22 warns of node:sqlite at every start.
    execArgv: [...(isSource ? ['--conditions=@spanledger/source'] : []), '--disable-warning=ExperimentalWarning'],
  })
  worker.on('message', (days: number) => onDone?.(days))
  worker.on('error', (error) => onProblem?.(errorMessageOf(error)))
  const ended = new Promise<void>((resolve) => {
    worker.on('exit', () => resolve())
  })
  return {
    ended,
    async close() {
      await worker.terminate()
      await ended
    },
  }
}
