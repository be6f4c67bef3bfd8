import { clearTimeout, setTimeout } from 'node:timers'

/** Callers of `flush` that are waiting. */
export interface FlushWaiters {
  /** Resolves at the next `release`, or after `timeoutMs`. */
  wait(timeoutMs: number): Promise<void>
  release(): void
}

/** Makes an empty list. */
export function createFlushWaiters(): FlushWaiters {
  const waiters: (() => void)[] = []
  return {
    wait: (timeoutMs) => waitAtMost(timeoutMs, (resolve) => waiters.push(resolve)),
    release() {
      for (const resolve of waiters.splice(0)) resolve()
    },
  }
}

/** Resolves when `begin` calls back, or after `timeoutMs`. Keeps the process alive until then. */
export function waitAtMost(timeoutMs: number, begin: (resolve: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const keepAlive = setTimeout(resolve, timeoutMs)
    begin(() => {
      clearTimeout(keepAlive)
      resolve()
    })
  })
}
