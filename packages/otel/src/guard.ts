import { diag } from '@opentelemetry/api'

import { type CircuitBreaker, createCircuitBreaker } from './circuit-breaker.ts'

/**
 * Runs our code inside somebody else's: whatever it throws is counted and said to `diag`, at most once per place and
 * 10 seconds, and never reaches the caller. A place that fails again and again is left out for a while.
 */
export interface Guard {
  /** `instead` is called when the work was left out, or has thrown. */
  run(place: string, work: () => unknown, instead?: (reason: NotDone) => void): void
  /** The same for work that takes its time: resolves when it is done or has failed, and after 5 seconds at the latest. */
  settle(place: string, work: () => Promise<void>): Promise<void>
  /** Faults so far, by place. */
  faults(): Readonly<Record<string, number>>
  /** How often a place was left out, by place. */
  skips(): Readonly<Record<string, number>>
}

/** Why work was not done: it was left out, or it has thrown. */
export type NotDone = 'circuit_open' | 'write_failed'

export interface GuardOptions {
  readonly now?: (() => number) | undefined
  /** False for what must be called however often it fails. */
  readonly breaks?: boolean | undefined
}

const QUIET_MS = 10_000
const PATIENCE_MS = 5_000

export function createGuard({ now = () => performance.now(), breaks = true }: GuardOptions = {}): Guard {
  const breakers = new Map<string, CircuitBreaker>()
  const breakerOf = (place: string) => {
    const breaker = breakers.get(place) ?? createCircuitBreaker(now)
    breakers.set(place, breaker)
    return breaker
  }
  const skips = new Map<string, number>()
  const counts = new Map<string, number>()
  const saidAt = new Map<string, number>()
  const note = (place: string, error: unknown) => {
    counts.set(place, (counts.get(place) ?? 0) + 1)
    if (breaks && breakerOf(place).failed())
      sayQuietly(`spanledger: ${place} failed too often; it is skipped for 30 seconds`)
    const at = now()
    if (at - (saidAt.get(place) ?? -QUIET_MS) < QUIET_MS) return
    saidAt.set(place, at)
    sayQuietly(`spanledger: ${place} failed; the application is not affected`, error)
  }
  const attempt = (place: string, work: () => void) => {
    try {
      work()
    } catch (error) {
      note(place, error)
    }
  }
  return {
    run(place, work, instead) {
      const breaker = breaks ? breakers.get(place) : undefined
      if (breaker?.isOpen() === true) {
        skips.set(place, (skips.get(place) ?? 0) + 1)
        if (instead !== undefined) attempt(`${place}, to be counted`, () => instead('circuit_open'))
        return
      }
      try {
        const result = work()
        breaker?.succeeded()
        // Where nothing should come back, an async function of the application's may: nobody else would catch it.
        if (isThenable(result)) Promise.resolve(result).catch((error: unknown) => note(place, error))
      } catch (error) {
        note(place, error)
        if (instead !== undefined) attempt(`${place}, to be counted`, () => instead('write_failed'))
      }
    },
    async settle(place, work) {
      let timer: ReturnType<typeof setTimeout> | undefined
      const tooLong = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`it took longer than ${PATIENCE_MS} ms`)), PATIENCE_MS)
      })
      try {
        await Promise.race([work(), tooLong])
      } catch (error) {
        note(place, error)
      } finally {
        clearTimeout(timer)
      }
    },
    faults: () => Object.fromEntries(counts),
    skips: () => Object.fromEntries(skips),
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}

/** Says something to `diag`. Its logger belongs to the application and may throw as well. */
export function sayQuietly(message: string, ...details: unknown[]): void {
  try {
    diag.warn(message, ...details)
  } catch {
    // Nobody is left who could be told.
  }
}
