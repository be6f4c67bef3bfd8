import { diag } from '@opentelemetry/api'

/**
 * Runs our code inside somebody else's: whatever it throws is counted and said to `diag`, at most once per place and
 * 10 seconds, and never reaches the caller.
 */
export interface Guard {
  run(place: string, work: () => void): void
  /** Faults so far, by place. */
  faults(): Readonly<Record<string, number>>
}

const QUIET_MS = 10_000

export function createGuard(now: () => number = Date.now): Guard {
  const counts = new Map<string, number>()
  const saidAt = new Map<string, number>()
  return {
    run(place, work) {
      try {
        work()
      } catch (error) {
        counts.set(place, (counts.get(place) ?? 0) + 1)
        const at = now()
        if (at - (saidAt.get(place) ?? -QUIET_MS) < QUIET_MS) return
        saidAt.set(place, at)
        sayQuietly(`spanledger: ${place} failed; the application is not affected`, error)
      }
    },
    faults: () => Object.fromEntries(counts),
  }
}

// A diag logger belongs to the application and may throw as well.
function sayQuietly(message: string, error: unknown): void {
  try {
    diag.warn(message, error)
  } catch {
    // Nobody is left who could be told.
  }
}
