/** Counts restarts of a thread, so that one that keeps dying is not restarted forever. */
export interface RestartLimit {
  /** The thread was started. */
  started(): void
  /** The thread ended by itself. Returns false if that has happened too often. */
  allowsRestart(): boolean
}

/** A thread that has died more often than this in a row is not restarted. */
const MAX_RESTARTS = 5
/** The count starts again after a thread has lived this long. */
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
