import type { UsageSinkStats } from '@spanledger/core'
import type { DrainAnswer } from './drain-protocol.ts'

/** Counts what became of each call, so that none goes missing without a word. */
export interface Tally {
  generated(): void
  dropped(reason: string): void
  rejected(reason: string): void
  answered(answer: DrainAnswer): void
  stats(waiting: number): UsageSinkStats
}

export function createTally(): Tally {
  let generated = 0
  let stored = 0
  let deduplicated = 0
  const dropped = new Map<string, number>()
  const rejected = new Map<string, number>()
  const add = (counts: Map<string, number>, reason: string) => {
    counts.set(reason, (counts.get(reason) ?? 0) + 1)
  }
  return {
    generated: () => {
      generated += 1
    },
    dropped: (reason) => add(dropped, reason),
    rejected: (reason) => add(rejected, reason),
    answered(answer) {
      stored += answer.stored
      deduplicated += answer.deduplicated
      for (const { reason } of answer.rejected) add(rejected, reason)
    },
    stats: (waiting) => ({
      generated,
      stored,
      deduplicated,
      rejected: Object.fromEntries(rejected),
      dropped: Object.fromEntries(dropped),
      waiting,
    }),
  }
}
