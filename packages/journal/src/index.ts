/*
 * Calls that survive the process. A journal has two ends that share a folder:
 *
 * - `createJournal` is the writing end, in the thread that makes calls: `append` writes a call line to a file and returns.
 * - `createJournalDrain` is the reading end, in a worker thread: it delivers the lines to a `JournalTarget`, reports that in
 *   `DrainEvent`s, and adopts what dead processes have left in the same folder.
 *
 * `createDrainSignals` makes the shared memory through which the two meet, and `createStallWatch` tells from it whether the
 * reading end still works. `drainLeftovers` is the reading end alone, for a command. `takeDeadLetters` returns the calls that a
 * target has refused.
 */
export {
  type AppendProblem,
  createJournal,
  DEFAULT_MAX_BYTES,
  type Journal,
  type JournalDurability,
  type JournalMark,
  type JournalOptions,
} from './append/journal.ts'
export { createJournalDrain, type JournalDrain, type JournalDrainOptions } from './drain/journal-drain.ts'
export { createDrainSignals, type DrainSignals } from './drain-signals.ts'
export { createStallWatch, type StallWatch } from './stall-watch.ts'
export type { DrainEvent, SegmentProgress } from './drain/drain-events.ts'
export type { Delivery, JournalBatch, JournalTarget, RejectedLine } from './journal-target.ts'
export { takeDeadLetters } from './letters/take-dead-letters.ts'
export { drainLeftovers, type Leftovers } from './drain/drain-leftovers.ts'
export { bytesIn, listDirectories } from './folder/journal-folder.ts'
export type { FrameKind } from './frames/frame.ts'
export { inspectJournal, type JournalState } from './inspect-journal.ts'
export { readWaitingLines, type WaitingSegment } from './read-waiting-lines.ts'
