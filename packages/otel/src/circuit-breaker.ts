/** Skips work that fails too often, and tries it again later. */
export interface CircuitBreaker {
  /** Whether to skip the work. After the pause, one attempt is let through. */
  isOpen(): boolean
  /** True if this failure opened the breaker. */
  failed(): boolean
  succeeded(): void
}

const MAX_FAULTS = 100
const WITHIN_MS = 10_000
const PAUSE_MS = 30_000

/** Creates a breaker that opens for 30 seconds at the 100th fault within 10 seconds. */
export function createCircuitBreaker(now: () => number): CircuitBreaker {
  /** When each of the last faults happened, the oldest at the front. */
  let faultsMs: number[] = []
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
      if (openedMs !== undefined) return false
      faultsMs.push(atMs)
      if (faultsMs.length < MAX_FAULTS) return false
      const [oldestMs = atMs] = faultsMs
      const isTooOften = atMs - oldestMs < WITHIN_MS
      if (isTooOften) openedMs = atMs
      else faultsMs.shift()
      return isTooOften
    },
    succeeded() {
      if (!isTrying) return
      isTrying = false
      openedMs = undefined
      faultsMs = []
    },
  }
}
