import { diag } from '@opentelemetry/api'

import { type CircuitBreaker, createCircuitBreaker } from './circuit-breaker.ts'
import { createFaultCounter } from './fault-counter.ts'

/**
 * Runs our code inside an application. Whatever it throws is counted in `spanledger.faults`, reported to `diag` at most
 * once per site in 10 seconds, and never reaches the caller. A site that keeps failing is skipped for a while.
 */
export interface Guard {
  /** `instead` is called if the work was skipped or threw. */
  run(site: string, work: () => unknown, instead?: (reason: NotDone) => void): void
  /** The same for asynchronous work: resolves when it is done or has failed, after 5 seconds at the latest. */
  settle(site: string, work: () => Promise<void>): Promise<void>
}

/** Why work was not done: it was skipped, or it threw. */
export type NotDone = 'circuit_open' | 'write_failed'

export interface GuardOptions {
  readonly now?: (() => number) | undefined
  /** False for work that must never be skipped. */
  readonly breaks?: boolean | undefined
  /** Told of every fault. */
  readonly onFault?: ((site: string, error: unknown) => void) | undefined
}

const QUIET_MS = 10_000
const PATIENCE_MS = 5_000

export function createGuard(options: GuardOptions = {}): Guard {
  const { now = () => performance.now(), breaks = true, onFault } = options
  const breakers = new Map<string, CircuitBreaker>()
  const breakerOf = (site: string) => {
    const breaker = breakers.get(site) ?? createCircuitBreaker(now)
    breakers.set(site, breaker)
    return breaker
  }
  const countFault = createFaultCounter()
  const warnedAt = new Map<string, number>()
  const note = (site: string, error: unknown) => {
    countFault(site)
    tellSafely(() => onFault?.(site, error))
    if (breaks && breakerOf(site).failed())
      warnSafely(`spanledger: ${site} failed too often; it is skipped for 30 seconds`)
    const at = now()
    if (at - (warnedAt.get(site) ?? -QUIET_MS) < QUIET_MS) return
    warnedAt.set(site, at)
    warnSafely(`spanledger: ${site} failed; the application is not affected`, error)
  }
  const attempt = (site: string, work: () => void) => {
    try {
      work()
    } catch (error) {
      note(site, error)
    }
  }
  return {
    run(site, work, instead) {
      const breaker = breaks ? breakers.get(site) : undefined
      if (breaker?.isOpen() === true) {
        if (instead !== undefined) attempt(`the fallback for ${site}`, () => instead('circuit_open'))
        return
      }
      try {
        const result = work()
        breaker?.succeeded()
        // A function without a result may still be async in an application; nobody else would catch its rejection.
        if (isThenable(result)) Promise.resolve(result).catch((error: unknown) => note(site, error))
      } catch (error) {
        note(site, error)
        if (instead !== undefined) attempt(`the fallback for ${site}`, () => instead('write_failed'))
      }
    },
    async settle(site, work) {
      let timer: ReturnType<typeof setTimeout> | undefined
      const tooLong = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`it took longer than ${PATIENCE_MS} ms`)), PATIENCE_MS)
      })
      try {
        await Promise.race([work(), tooLong])
      } catch (error) {
        note(site, error)
      } finally {
        clearTimeout(timer)
      }
    },
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}

// What listens may be what failed.
function tellSafely(tell: () => void): void {
  try {
    tell()
  } catch (error) {
    warnSafely('spanledger: counting a fault failed; the application is not affected', error)
  }
}

/** Reports to `diag`. Its logger belongs to the application and may throw too. */
export function warnSafely(message: string, ...details: unknown[]): void {
  try {
    diag.warn(message, ...details)
  } catch {
    // There is nowhere left to report to.
  }
}
