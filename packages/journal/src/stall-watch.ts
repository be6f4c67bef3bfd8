import type { DrainSignals } from './drain-signals.ts'

/** Detects a stalled thread by its heartbeat. */
export interface StallWatch {
  /** The thread is started: it sends no beats while it loads its code. */
  starting(): void
  /** The thread has loaded its code: from now on it sends beats. */
  ready(): void
  /**
   * Call it once a second. Returns for how many seconds the thread has been stalled, or undefined while that is not long
   * enough to be sure.
   */
  look(): number | undefined
}

/** A thread that stalls for this many checks, a second apart, is stalled for good. */
const STALLED_LOOKS = 4
/** The same for a thread that is still starting, which is slow when many processes start at once on few cores. */
const STARTING_LOOKS = 60
/** A check that is further than this from the last one proves nothing. */
const LATE_LOOK_MS = 1_250

/** Makes a watch on the heartbeat in `signals`, for a thread that is starting. */
export function createStallWatch(signals: Pick<DrainSignals, 'beats'>): StallWatch {
  let beats = signals.beats()
  let patience = STARTING_LOOKS
  let stillLooks = 0
  let lookedMs = performance.now()

  // The checks of one phase say nothing about the next: the first beat comes a moment after the thread is ready.
  function begin(looks: number): void {
    patience = looks
    stillLooks = 0
  }

  return {
    starting: () => begin(STARTING_LOOKS),
    ready: () => begin(STALLED_LOOKS),
    look() {
      const now = signals.beats()
      const atMs = performance.now()
      // A late check means that this thread was blocked too, and perhaps the other one with it.
      const isLate = atMs - lookedMs > LATE_LOOK_MS
      lookedMs = atMs
      if (now !== beats) stillLooks = 0
      else if (!isLate) stillLooks += 1
      beats = now
      return stillLooks < patience ? undefined : stillLooks
    },
  }
}
