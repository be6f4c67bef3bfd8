import { errorMessageOf } from '@spanledger/core'
import type { Reporter } from '../../reporter.ts'

const INSTEAD = 'storing calls in small slices on the main thread'

/** Warns that a worker ended and will not be replaced. */
export function warnWorkerGone(reporter: Reporter, why: Error): void {
  reporter.warn('worker-gone', `no worker thread can store calls (${why.message}); ${INSTEAD}`)
}

/** Warns that Node could not start a worker. */
export function warnWorkerMissing(reporter: Reporter, error: unknown): void {
  const why = errorMessageOf(error)
  reporter.warn('worker-missing', `no worker thread could be started (${why}); ${INSTEAD}`)
}
