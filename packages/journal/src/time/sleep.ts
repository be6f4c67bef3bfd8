/** A pause that can be cut short. */
export interface Sleep {
  /** Resolves with true if it was cut short. */
  forMs(ms: number): Promise<boolean>
  /** Ends the pause, or the next one if there is none now. */
  wake(): void
}

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
