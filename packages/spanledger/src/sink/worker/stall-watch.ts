import type { DrainSignals } from '@spanledger/journal'

/** Notices a thread that stands still, because its heartbeat stops. */
export interface StallWatch {
  /** Counts from zero again, for a thread that has just been started. */
  reset(): void
  /** To be called once a second. Returns how many looks in a row have found the thread standing still. */
  look(): number
}

/** A look that comes so long after the last one proves nothing. */
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
      // A late look means that this thread was held up itself, and perhaps the other one with it.
      const isLate = atMs - lookedMs > LATE_LOOK_MS
      lookedMs = atMs
      if (now !== beats) stillLooks = 0
      else if (!isLate) stillLooks += 1
      beats = now
      return stillLooks
    },
  }
}
