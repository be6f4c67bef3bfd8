import type { DrainSignals } from '../drain-signals.ts'
import { createSleep } from '../time/sleep.ts'
import type { DrainReports } from './drain-reports.ts'

/** What a drain does while nothing is left to deliver. */
export interface IdleWait {
  /** Something was delivered. */
  worked(): void
  /** Waits until something is written, or it is time to look around. Reports once that the drain is idle. */
  forWork(): Promise<void>
  /** Waits after a failure, unless it is woken. */
  forMs(ms: number): Promise<void>
  /** Ends the wait; with `now` without waiting for more calls to fill a batch. */
  wake(when?: 'now'): void
}

export interface IdleWaitOptions {
  readonly signals: DrainSignals
  readonly reports: DrainReports
  readonly isBackground: boolean
  /** The time between two looks at what others have left, at most. */
  readonly lookMs: number
  /** When the next directory may be read, on the clock of `performance.now()`. */
  readonly readableAtMs: () => number
}

// Long enough to gather a batch, short enough that a crash of the machine costs little.
const GATHER_MS = 20
const IDLE_MS = 1_000

export function createIdleWait(options: IdleWaitOptions): IdleWait {
  const { signals, reports, isBackground, lookMs, readableAtMs } = options
  const sleep = createSleep(isBackground)
  let isIdle = false
  let isUrgent = false
  return {
    worked() {
      isIdle = false
    },
    async forWork() {
      const before = signals.lastWritten()
      signals.sleep()
      // Written between the last pass and here: its writer has not seen that it must wake us.
      const now = signals.lastWritten()
      if (now.number !== before.number || now.offset !== before.offset) return
      if (!isIdle) reports.report({ type: 'idle' })
      isIdle = true
      isUrgent = false
      const readableMs = readableAtMs() - performance.now()
      const isWoken = await sleep.forMs(Math.max(0, Math.min(IDLE_MS, lookMs, readableMs)))
      if (isWoken && !isUrgent) await sleep.forMs(GATHER_MS)
      signals.mustWake()
    },
    async forMs(ms) {
      await sleep.forMs(ms)
    },
    wake(when) {
      isUrgent ||= when === 'now'
      sleep.wake()
    },
  }
}
