import type { OpenStoreOptions } from '@spanledger/store'
import { startOwnThread } from '@spanledger/store/threads'
import { errorMessageOf } from '@spanledger/core'
import type { RollupWorkerData } from './rollup-worker.ts'

export interface RollupBuildOptions {
  /** The thread opens its own connection. */
  readonly database: Omit<OpenStoreOptions, 'now'>
  /** Called with the number of days when all are built. */
  readonly onDone?: ((days: number) => void) | undefined
  /** Called if the build fails. Queries then keep reading `calls`, and the next start tries again. */
  readonly onProblem?: ((sentence: string) => void) | undefined
}

/** A running build. */
export interface RollupBuild {
  /** Resolves when the build ends, even if it failed. */
  readonly ended: Promise<void>
  /** Stops the build; the current day is rolled back. Idempotent. */
  close(): Promise<void>
}

/**
 * Builds the rollups of a database without any (`hasRollups`), in a thread of its own, while others read and write.
 * Several servers may do so at once: each day is one transaction with the same result.
 */
export function startRollupBuild({ database, onDone, onProblem }: RollupBuildOptions): RollupBuild {
  const worker = startOwnThread<RollupWorkerData>({
    beside: import.meta.url,
    module: 'rollup-worker',
    data: { database },
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
