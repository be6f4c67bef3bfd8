import type { DrainEvent, Journal, SegmentProgress } from '@spanledger/journal'
import type { Reporter } from '../../reporter.ts'
import type { CallOutcomes } from '../outcomes/call-outcomes.ts'
import type { JournalMarks } from './journal-marks.ts'

/** Handles what the drain of a journal reports. */
export interface DrainListener {
  onEvent(event: DrainEvent): void
  /** True from a failed delivery until a call is stored again. */
  isFailing(): boolean
}

export interface DrainListenerOptions {
  readonly folder: string
  readonly journal: Journal
  readonly marks: JournalMarks
  readonly outcomes: CallOutcomes
  readonly reporter: Reporter
}

/** Makes a listener that counts calls, releases callers that wait for them, and warns. */
export function createDrainListener(options: DrainListenerOptions): DrainListener {
  const { folder, journal, marks, outcomes, reporter } = options
  let isFailing = false

  function onProgress(progress: SegmentProgress): void {
    const { journaled } = outcomes.stats()
    outcomes.progressed(progress)
    // Progress over call starts alone does not show that the database works.
    if (outcomes.stats().journaled < journaled) isFailing = false
    marks.progressed(progress)
    for (const { reason, message } of progress.rejections) {
      reporter.warn(`rejected-${reason}`, `a call was not stored: ${message}; see spanledger drain --requeue`)
    }
    marks.release()
  }

  function onFailed(message: string): void {
    isFailing = true
    reporter.warn(
      'store-failed',
      `cannot store calls: ${message}. They wait in ${folder} and are retried, even after this process ends`,
    )
    marks.releaseAll()
  }

  return {
    onEvent(event) {
      if (event.type === 'progress') onProgress(event)
      else if (event.type === 'failed') onFailed(event.message)
      else if (event.type === 'sync-failed') {
        journal.rotate()
        reporter.warn('journal-sync', `the journal could not be synced to the disk: ${event.message}`)
      } else if (event.type === 'quarantined') {
        reporter.warn(
          'journal-damaged',
          `${event.file} was set aside: it is damaged, or the disk was too full to keep its refused calls; the rest of it is stored`,
        )
      }
    },
    isFailing: () => isFailing,
  }
}
