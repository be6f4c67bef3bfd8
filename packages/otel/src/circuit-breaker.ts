/** Leaves work out that fails too often to be worth its time, and tries it again later. */
export interface CircuitBreaker {
  /** Whether the work has to be left out. After the pause the next one is let through, to see. */
  isOpen(): boolean
  /** True if it has opened now. */
  failed(): boolean
  succeeded(): void
}

const MAX_FAULTS = 100
const WITHIN_MS = 10_000
const PAUSE_MS = 30_000

/** Makes a breaker that opens with the 100th fault in 10 seconds, for 30 seconds. */
export function createCircuitBreaker(now: () => number): CircuitBreaker {
  let faults = 0
  let firstMs = 0
  let openedMs: number | undefined
  let isTrying = false
  return {
    isOpen() {
      if (openedMs === undefined) return false
      if (now() - openedMs < PAUSE_MS) return true
      isTrying = true
      return false
    },
    failed() {
      const atMs = now()
      if (isTrying) {
        openedMs = atMs
        isTrying = false
        return true
      }
      if (atMs - firstMs >= WITHIN_MS) {
        faults = 0
        firstMs = atMs
      }
      faults += 1
      if (faults < MAX_FAULTS || openedMs !== undefined) return false
      openedMs = atMs
      return true
    },
    succeeded() {
      if (!isTrying) return
      isTrying = false
      openedMs = undefined
      faults = 0
    },
  }
}
