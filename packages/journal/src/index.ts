/*
 * Calls that survive the process, in two ends that share a folder.
 *
 * The writing end, `createJournal`, lives where calls are made: `append` puts a call line into a file and returns. The
 * reading end, `createJournalDrain`, lives in a worker thread and delivers the lines to a `JournalTarget`, tells of it in
 * `DrainEvent`s, and adopts what dead processes left in the same folder. `createDrainSignals` makes the bit of shared memory through which
 * the two meet. `drainLeftovers` is the reading end alone, for a command. What a target refuses waits in
 * `takeDeadLetters`.
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
