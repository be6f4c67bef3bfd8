import type { UsageSinkStats } from '@spanledger/core'
import type { SegmentProgress } from '@spanledger/journal'
import type { DrainAnswer } from './drain-protocol.ts'
import type { Reporter } from './reporter.ts'

/** Counts what became of each call, so that none goes missing without a word. */
export interface Tally {
  generated(): void
  dropped(reason: string, count?: number): void
  rejected(reason: string): void
  answered(answer: DrainAnswer): void
  /** What a drain tells of a segment; told twice it counts once. */
  progressed(progress: SegmentProgress): void
  stats(): UsageSinkStats
  /** One line that sums up, if a call was lost. */
  sayLosses(reporter: Reporter): void
}

interface SegmentCounts {
  readonly stored: number
  readonly deduplicated: number
  readonly rejected: number
}

const NOTHING: SegmentCounts = { stored: 0, deduplicated: 0, rejected: 0 }
// A drain that died after the database had answered could not tell why.
const REASON_LOST = 'not_storable'

export function createTally(): Tally {
  let generated = 0
  let stored = 0
  let deduplicated = 0
  const dropped = new Map<string, number>()
  const rejected = new Map<string, number>()
  const segments = new Map<number, SegmentCounts>()
  let doneThrough = 0
  const add = (counts: Map<string, number>, reason: string, count = 1) => {
    if (count > 0) counts.set(reason, (counts.get(reason) ?? 0) + count)
  }
  const sumOf = (counts: Map<string, number>) => [...counts.values()].reduce((sum, count) => sum + count, 0)
  return {
    generated: () => {
      generated += 1
    },
    dropped: (reason, count) => add(dropped, reason, count),
    rejected: (reason) => add(rejected, reason),
    answered(answer) {
      stored += answer.stored
      deduplicated += answer.deduplicated
      for (const { reason } of answer.rejected) add(rejected, reason)
    },
    progressed(progress) {
      const { number, rejections, isDone } = progress
      if (number <= doneThrough) return
      const before = segments.get(number) ?? NOTHING
      segments.set(number, progress)
      stored += progress.stored - before.stored
      deduplicated += progress.deduplicated - before.deduplicated
      const added = progress.rejected - before.rejected
      for (const { reason } of rejections.slice(0, added)) add(rejected, reason)
      add(rejected, REASON_LOST, added - rejections.length)
      add(dropped, 'journal_full', progress.dropped)
      if (!isDone) return
      segments.delete(number)
      doneThrough = number
    },
    stats: () => ({
      generated,
      stored,
      deduplicated,
      rejected: Object.fromEntries(rejected),
      dropped: Object.fromEntries(dropped),
      journaled: generated - stored - deduplicated - sumOf(rejected) - sumOf(dropped),
    }),
    sayLosses(reporter) {
      const lost = [...dropped, ...rejected].map(([reason, count]) => `${count} ${reason}`)
      if (lost.length === 0) return
      reporter.warn(
        'losses',
        `of ${generated} calls, ${stored + deduplicated} are stored; not stored: ${lost.join(', ')}`,
      )
    },
  }
}
