import { clearTimeout, setTimeout } from 'node:timers'

/** A pause that can be cut short. Only one may be going on at a time. */
export interface Sleep {
  /** Resolves with true if it was cut short. */
  forMs(ms: number): Promise<boolean>
  /** Ends the pause. If there is none now, the next one ends at once. */
  wake(): void
}

/** In the background a pause does not keep the process alive. */
export function createSleep(isBackground: boolean): Sleep {
  let wake: (() => void) | undefined
  let isWoken = false
  return {
    forMs: (ms) =>
      new Promise((resolve) => {
        if (isWoken) {
          isWoken = false
          return resolve(true)
        }
        const end = (isCut: boolean) => {
          clearTimeout(timer)
          wake = undefined
          resolve(isCut)
        }
        const timer = setTimeout(() => end(false), ms)
        if (isBackground) timer.unref()
        wake = () => end(true)
      }),
    wake() {
      if (wake === undefined) isWoken = true
      else wake()
    },
  }
}
