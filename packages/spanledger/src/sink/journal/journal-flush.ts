import type { UsageSinkStats } from '@spanledger/core'
import type { DrainedJournal } from './drained-journal.ts'

/** Waits until the calls of a journal are drained. */
export interface JournalFlush {
  /** Resolves when the outcome of every call appended before is known, when the database fails, or after 5 seconds. */
  flush(): Promise<void>
  /** The same, but waits no longer than a normal exit may be delayed. */
  flushBeforeExit(): Promise<void>
  /** The same without the event loop: blocks, and handles what the thread reports. */
  flushNow(): void
}

/** The longest that a caller of `flush` or `close` waits. */
export const FLUSH_MS = 5_000
/**
 * How long an ending process waits: for a worker that has not stored anything yet, for the last batch, or for a backlog.
 * A backlog stays in the journal.
 */
export const END_MS = { start: 5_000, batch: 2_000, backlog: 100 }
const BATCH = 512

/** Makes the three ways to wait for a journal. */
export function createJournalFlush(drained: DrainedJournal, stats: () => UsageSinkStats): JournalFlush {
  const flushWithin = async (timeoutMs: number) => {
    drained.look()
    const mark = drained.journal.mark()
    if (mark === undefined || drained.marks.isPassed(mark)) return
    await drained.marks.wait(mark, timeoutMs, () => drained.start().wake('now'))
  }
  // One batch is worth the wait; a backlog is not.
  const endMs = () => {
    if (!drained.marks.hasBegun()) return END_MS.start
    return stats().journaled <= BATCH ? END_MS.batch : END_MS.backlog
  }
  return {
    flush: () => flushWithin(FLUSH_MS),
    flushBeforeExit: () => flushWithin(endMs()),
    flushNow() {
      drained.look()
      const deadlineMs = performance.now() + endMs()
      const thread = drained.thread()
      if (thread === undefined) return
      thread.wake('now')
      while (!drained.isEmpty() && !drained.isFailing()) {
        const leftMs = deadlineMs - performance.now()
        if (leftMs <= 0 || !thread.waitForEvent(leftMs)) return
      }
    },
  }
}
