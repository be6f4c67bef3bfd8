/*
 * Calls that survive the process. A journal has two ends that share a folder:
 *
 * - `createJournal` is the writing end, in the thread that makes calls: `append` writes a call line to a file and returns.
 * - `createJournalDrain` is the reading end, in a worker thread: it delivers the lines to a `JournalTarget`, reports that in
 *   `DrainEvent`s, and adopts what dead processes have left in the same folder.
 *
 * `createDrainSignals` makes the shared memory through which the two meet. `drainLeftovers` is the reading end alone, for a
 * command. `takeDeadLetters` returns the calls that a target has refused.
 */
export {
  type AppendFailure,
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
export type { AdoptedOutcome, DrainEvent, SegmentProgress } from './drain/drain-events.ts'
export type { DeliveredPosition, Delivery, JournalBatch, JournalTarget, RejectedLine } from './journal-target.ts'
export type { DeadLetter } from './letters/dead-letter.ts'
export { takeDeadLetters, type TakenLetters } from './letters/take-dead-letters.ts'
export { drainLeftovers, type Leftovers, type LeftoversOptions } from './drain/drain-leftovers.ts'
export { bytesIn, listDirectories } from './folder/journal-folder.ts'
export { inspectJournal, type JournalState, type JournalWriterState } from './inspect-journal.ts'
export { LEASE_TTL_MS } from './leases/lease.ts'
export {
  createFrameEncoder,
  type Frame,
  FRAME_OVERHEAD_BYTES,
  type FrameEncoder,
  type FrameKind,
  MAX_LINE_BYTES,
} from './frames/frame.ts'
export { type FrameLimits, type FrameList, readFrames } from './frames/read-frames.ts'
export { type Backoff, type BackoffOptions, createBackoff } from './time/backoff.ts'
export { createSleep, type Sleep } from './time/sleep.ts'
export { within, type WithinOptions } from './time/within.ts'
