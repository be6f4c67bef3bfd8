import type { DrainSignals } from '../drain-signals.ts'

/** How many bytes the folder holds: the last measure of the drain, and what was appended since. */
export interface UsedBytes {
  bytes(): number
  appended(bytes: number): void
}

export function createUsedBytes(signals: DrainSignals): UsedBytes {
  let appendedBytes = 0
  let measures = 0
  return {
    bytes() {
      const measure = signals.lastMeasure()
      if (measure.count !== measures) {
        measures = measure.count
        appendedBytes = 0
      }
      return measure.bytes + appendedBytes
    },
    appended(bytes) {
      appendedBytes += bytes
    },
  }
}
