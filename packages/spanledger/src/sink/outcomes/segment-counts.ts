import type { SegmentProgress } from '@spanledger/journal'

/** Compares each progress of a segment with the last one, so that no call counts twice. */
export interface SegmentCounts {
  /** Calls that were not reported before; undefined if there are none. */
  newIn(progress: SegmentProgress): NewlyReported | undefined
}

/** How many calls of a segment were not reported before. */
export interface NewlyReported {
  readonly stored: number
  readonly deduplicated: number
  readonly rejected: number
  readonly dropped: number
}

type Reported = Pick<SegmentProgress, 'offset' | 'stored' | 'deduplicated' | 'rejected'>

const NOTHING: Reported = { offset: 0, stored: 0, deduplicated: 0, rejected: 0 }

/** Makes counts without segments. */
export function createSegmentCounts(): SegmentCounts {
  const segments = new Map<number, Reported>()
  let doneThrough = 0
  return {
    newIn(progress) {
      const { number, isDone } = progress
      if (number <= doneThrough) return undefined
      const before = segments.get(number) ?? NOTHING
      // Where the target keeps no positions, a drain that starts again begins at the start of the segment. It reports
      // calls that are counted already until it has caught up.
      const isBehind = progress.offset < before.offset
      if (isBehind && !isDone) return undefined
      const counts: Reported = isBehind ? before : progress
      if (isDone) {
        segments.delete(number)
        doneThrough = number
      } else segments.set(number, counts)
      return {
        stored: counts.stored - before.stored,
        deduplicated: counts.deduplicated - before.deduplicated,
        rejected: counts.rejected - before.rejected,
        // The oldest calls are dropped, and the outcome of some of them is known already.
        dropped: Math.max(0, progress.dropped + callsIn(progress) - callsIn(counts)),
      }
    },
  }
}

function callsIn({ stored, deduplicated, rejected }: Reported): number {
  return stored + deduplicated + rejected
}
