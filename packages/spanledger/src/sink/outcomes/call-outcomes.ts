import { errorMessageOf, type UsageSinkStats } from '@spanledger/core'
import type { SegmentProgress } from '@spanledger/journal'
import type { Reporter } from '../../reporter.ts'
import { createReasonCounts } from './reason-counts.ts'
import { createSegmentCounts } from './segment-counts.ts'
import type { BatchAnswer } from '../worker/worker-protocol.ts'
import { createWriterFates, type WriterFates } from './writer-fates.ts'

/** Counts what happens to each call, so that no loss goes unnoticed. */
export interface CallOutcomes {
  /** The files of the journal and the calls in them. */
  readonly writers: WriterFates
  generated(): void
  dropped(reason: string, count?: number): void
  /** A call cannot be written as a line. */
  invalid(error: unknown, reporter: Reporter): void
  /** A call never reached the sink. */
  leftOut(reason: string, reporter: Reporter): void
  answered(answer: BatchAnswer): void
  /** A drain reports the progress of a segment. A repeated report counts once. */
  progressed(progress: SegmentProgress): void
  stats(): UsageSinkStats
  /** Warns with a summary if a call was lost. */
  warnAboutLosses(reporter: Reporter): void
}

// If a drain dies after the database has answered, the reason is lost.
const REASON_LOST = 'not_storable'
const REASON_REMOVED = 'journal_removed'
const LEFT_OUT = 'writing it failed, or failed so often that recording is paused and calls are left out'

/** Makes counts that start at zero. */
export function createCallOutcomes(): CallOutcomes {
  let generated = 0
  let stored = 0
  let deduplicated = 0
  const dropped = createReasonCounts()
  const rejected = createReasonCounts()
  const segments = createSegmentCounts()
  const writers = createWriterFates()
  const lost = (): Readonly<Record<string, number>> => {
    const removed = writers.count('removed')
    return removed === 0 ? dropped.toObject() : { ...dropped.toObject(), [REASON_REMOVED]: removed }
  }
  const known = () => stored + deduplicated + writers.count('adopted') + rejected.sum() + dropped.sum()
  return {
    writers,
    generated: () => void (generated += 1),
    dropped: dropped.add,
    invalid(error, reporter) {
      rejected.add('invalid_call')
      const why = errorMessageOf(error)
      reporter.warn('rejected-invalid_call', `a call was not stored: ${why}`)
    },
    leftOut(reason, reporter) {
      generated += 1
      dropped.add(reason)
      reporter.warn(`dropped-${reason}`, `a call was not recorded: ${LEFT_OUT}`)
    },
    answered(answer) {
      stored += answer.stored
      deduplicated += answer.deduplicated
      for (const { reason } of answer.rejected) rejected.add(reason)
    },
    progressed(progress) {
      const { writer, rejections } = progress
      const added = segments.newIn(progress)
      if (added === undefined) return
      stored += added.stored
      deduplicated += added.deduplicated
      for (const { reason } of rejections.slice(0, Math.max(0, added.rejected))) rejected.add(reason)
      rejected.add(REASON_LOST, added.rejected - rejections.length)
      dropped.add('journal_full', added.dropped)
      writers.accounted(writer, added.stored + added.deduplicated + added.rejected + added.dropped)
    },
    stats() {
      const adopted = writers.count('adopted')
      return {
        generated,
        stored,
        deduplicated,
        rejected: rejected.toObject(),
        dropped: lost(),
        journaled: generated - known() - writers.count('removed'),
        ...(adopted > 0 ? { adopted } : {}),
      }
    },
    warnAboutLosses(reporter) {
      const losses = [...Object.entries(lost()), ...Object.entries(rejected.toObject())]
      if (losses.length === 0) return
      const counts = losses.map(([reason, count]) => `${count} ${reason}`)
      const storedCount = stored + deduplicated
      reporter.warn('losses', `${storedCount} of ${generated} calls are stored; not stored: ${counts.join(', ')}`)
    },
  }
}
