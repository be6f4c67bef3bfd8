/** Says when work that is done again and again is due. */
export interface Pace {
  /** True at most once in each interval, and the first time. */
  isDue(): boolean
  /** Makes it due now. */
  reset(): void
}

export function createPace(intervalMs: number): Pace {
  let lastMs = -Infinity
  return {
    isDue() {
      const nowMs = performance.now()
      if (nowMs - lastMs < intervalMs) return false
      lastMs = nowMs
      return true
    },
    reset() {
      lastMs = -Infinity
    },
  }
}
