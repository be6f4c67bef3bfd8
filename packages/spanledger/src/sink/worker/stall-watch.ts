import type { DrainSignals } from '@spanledger/journal'

/** Detects a stalled thread by its heartbeat. */
export interface StallWatch {
  /** Counts from zero again. Call it when the thread is started. */
  reset(): void
  /** Call it once a second. Returns how many checks in a row have found the thread stalled. */
  look(): number
}

/** A check that is further than this from the last one proves nothing. */
const LATE_LOOK_MS = 1_250

/** Makes a watch on the heartbeat in `signals`. */
export function createStallWatch(signals: DrainSignals): StallWatch {
  let beats = 0
  let stillLooks = 0
  let lookedMs = performance.now()
  return {
    reset() {
      stillLooks = 0
    },
    look() {
      const now = signals.beats()
      const atMs = performance.now()
      // A late check means that this thread was blocked too, and perhaps the other one with it.
      const isLate = atMs - lookedMs > LATE_LOOK_MS
      lookedMs = atMs
      if (now !== beats) stillLooks = 0
      else if (!isLate) stillLooks += 1
      beats = now
      return stillLooks
    },
  }
}
