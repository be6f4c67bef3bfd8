import { createBackoff } from '../time/backoff.ts'
import { nextTurn } from '../time/next-turn.ts'
import type { DrainReports } from './drain-reports.ts'
import type { IdleWait } from './idle-wait.ts'

/** Delivers batch after batch until it is stopped. */
export interface DrainLoop {
  /** Never rejects: failures are reported and tried again. Resolves when the last pass has ended. */
  run(): Promise<void>
  isStopped(): boolean
  stop(): void
}

export interface DrainLoopOptions {
  readonly idle: IdleWait
  readonly reports: DrainReports
  readonly isBackground: boolean
  /** Delivers one batch; false if there was none. */
  readonly deliverNext: () => Promise<boolean>
  readonly onFailure: () => void
}

export function createDrainLoop(options: DrainLoopOptions): DrainLoop {
  const { idle, reports, isBackground, deliverNext, onFailure } = options
  const backoff = createBackoff()
  let isStopped = false
  return {
    async run() {
      while (!isStopped) {
        try {
          if (await deliverNext()) idle.worked()
          else await idle.forWork()
          await nextTurn(isBackground)
          backoff.reset()
        } catch (error) {
          reports.failed(error)
          onFailure()
          await idle.forMs(backoff.nextMs())
        }
      }
    },
    isStopped: () => isStopped,
    stop() {
      isStopped = true
      idle.wake('now')
    },
  }
}
