import type { JournalTarget } from '@spanledger/journal'
import type { Destination } from '../../destination/destination.ts'

// If the database is locked for longer, it is retried later: the main thread must not wait.
const BUSY_MS = 20

/** This many calls at once do not hold up the event loop noticeably. */
export const MAIN_THREAD_SLICE = 32

/**
 * Delivers on the main thread, if no worker can run (a bundler may move its file). The store is loaded only then, because an
 * application with a worker has no use for a second copy.
 */
export function createMainThreadTarget(database: Destination): JournalTarget {
  let loading: Promise<JournalTarget> | undefined
  const load = () =>
    (loading ??= import('../../destination/open-target.ts').then(({ openTarget }) =>
      openTarget(database, { busyTimeoutMs: BUSY_MS }),
    ))
  return {
    deliver: async (batch) => (await load()).deliver(batch),
    position: async (segment) => (await load()).position(segment),
    forget: async (segments) => (await load()).forget(segments),
    close: async () => (await loading)?.close(),
  }
}
