import type { SegmentProgress } from '@spanledger/journal'

/** Compares each report about a segment with the last one, so that no call counts twice. */
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
      // If the target stores no positions, a restarted drain begins at the start of the segment. Until it has caught up,
      // it reports calls that are already counted.
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
        // The oldest calls are dropped, but some of them may already have an outcome.
        dropped: Math.max(0, progress.dropped + callsIn(progress) - callsIn(counts)),
      }
    },
  }
}

function callsIn({ stored, deduplicated, rejected }: Reported): number {
  return stored + deduplicated + rejected
}
