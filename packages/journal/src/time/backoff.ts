/** How long to wait before the next try. */
export interface Backoff {
  /** A random part of a limit that doubles with each call, so that many who failed together do not try together. */
  nextMs(): number
  /** A try has succeeded: the next wait is short again. */
  reset(): void
}

export interface BackoffOptions {
  /** The first limit; 100 ms by default. */
  readonly firstMs?: number | undefined
  /** The highest limit; 30 s by default. */
  readonly mostMs?: number | undefined
  /** From 0 to 1. `() => 1` waits for the whole limit. */
  readonly random?: (() => number) | undefined
}

const FIRST_MS = 100
const MOST_MS = 30_000

export function createBackoff(options: BackoffOptions = {}): Backoff {
  const { firstMs = FIRST_MS, mostMs = MOST_MS, random = Math.random } = options
  let limitMs = firstMs
  return {
    nextMs() {
      const waitMs = random() * limitMs
      limitMs = Math.min(limitMs * 2, mostMs)
      return waitMs
    },
    reset() {
      limitMs = firstMs
    },
  }
}
