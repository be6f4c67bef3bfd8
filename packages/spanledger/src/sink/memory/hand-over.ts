import { setTimeout } from 'node:timers'

import type { QueuedLines } from './queued-lines.ts'
import type { SendTimer } from './send-timer.ts'
import type { MemoryDrain } from '../worker/memory-drain.ts'

/** Moves lines from memory to a successor: a journal that could not be opened at the start of the process. */
export interface HandOver {
  /** Sets the successor. `take` returns false for a line that it has no room for. */
  start(take: (line: string) => boolean): void
  hasStarted(): boolean
  /** Offers waiting lines to the successor, if there is one. Call it whenever there may be new lines. */
  offer(): void
}

export interface HandOverOptions {
  readonly lines: QueuedLines
  readonly timer: SendTimer
  readonly drain: MemoryDrain
  /** True when the process is about to end; then everything is offered at once. */
  readonly isEnding: () => boolean
}

/** Time for the answers to batches that are on their way when a successor takes over. */
export const ANSWER_MS = 1_000
// More lines at once would hold up the event loop.
const LINES_AT_ONCE = 256

/** Makes a hand-over without a successor. */
export function createHandOver({ lines, timer, drain, isEnding }: HandOverOptions): HandOver {
  let successor: ((line: string) => boolean) | undefined
  const offer = () => {
    if (successor === undefined) return
    const refused = lines.offer(successor, isEnding() ? lines.waiting() : LINES_AT_ONCE)
    // Refused lines are sent to the database instead, and offered again if that fails.
    if (refused > 0) timer.retry()
    else if (lines.waiting() > 0) setTimeout(offer, 0).unref()
    if (lines.count() > 0) return
    timer.cancel()
    drain.rest()
  }
  return {
    start(take) {
      successor = take
      offer()
    },
    hasStarted: () => successor !== undefined,
    offer,
  }
}
