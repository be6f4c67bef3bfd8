/** Counts how often a thread was started again, so that one that always dies is given up. */
export interface RestartLimit {
  /** The thread was started. */
  started(): void
  /** The thread ended by itself. Returns false if it has done so too often. */
  allowsRestart(): boolean
}

/** Threads that die so often, one after the other, are not started again. */
const MAX_RESTARTS = 5
/** A thread that has lived so long starts the count anew. */
const CALM_MS = 60_000

/** Makes a limit without restarts. */
export function createRestartLimit(): RestartLimit {
  let restarts = 0
  let startedMs = 0
  return {
    started() {
      startedMs = performance.now()
    },
    allowsRestart() {
      if (performance.now() - startedMs > CALM_MS) restarts = 0
      restarts += 1
      return restarts <= MAX_RESTARTS
    },
  }
}
