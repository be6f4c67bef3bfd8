import type { JournalMark, SegmentProgress } from '@spanledger/journal'
import { waitAtMost } from '../flush-waiters.ts'
import type { WriterFates } from '../outcomes/writer-fates.ts'

/** How far the journal of this process has been drained, and the callers that wait for it. */
export interface JournalMarks {
  progressed(progress: SegmentProgress): void
  /** True if every call before the mark has a known outcome or was lost with its files. */
  isPassed(mark: JournalMark): boolean
  /** Up to which byte the segment is drained, as far as is known. A finished segment is deleted. */
  drainedOf(number: number): number
  /** True once a call has been drained. */
  hasBegun(): boolean
  /** Resolves when the mark is passed, at `releaseAll`, or after `timeoutMs`. `begin` is called first. */
  wait(mark: JournalMark, timeoutMs: number, begin: () => void): Promise<void>
  /** Releases callers whose mark is passed. */
  release(): void
  releaseAll(): void
}

interface Waiter {
  readonly mark: JournalMark
  readonly resolve: () => void
}

/** Makes marks of a journal that has not been drained yet. */
export function createJournalMarks(writers: WriterFates): JournalMarks {
  let waiters: Waiter[] = []
  let last = { number: 0, offset: 0, doneThrough: 0 }
  const isPassed = ({ writer, number, offset }: JournalMark) =>
    writers.fateOf(writer) !== undefined ||
    last.number > number ||
    (last.number === number && last.offset >= offset) ||
    (offset === 0 && last.doneThrough >= number - 1)
  const releaseThose = (isReleased: (waiter: Waiter) => boolean) => {
    const released = waiters.filter(isReleased)
    waiters = waiters.filter((waiter) => !released.includes(waiter))
    for (const { resolve } of released) resolve()
  }
  return {
    progressed({ number, offset, isDone }) {
      if (number > last.number) last = { ...last, number, offset }
      else if (number === last.number) last = { ...last, offset: Math.max(last.offset, offset) }
      if (isDone) last = { ...last, doneThrough: Math.max(last.doneThrough, number) }
    },
    isPassed,
    drainedOf: (number) => (number === last.number ? last.offset : 0),
    hasBegun: () => last.number > 0,
    wait: (mark, timeoutMs, begin) =>
      waitAtMost(timeoutMs, (resolve) => {
        waiters.push({ mark, resolve })
        begin()
      }),
    release: () => releaseThose(({ mark }) => isPassed(mark)),
    releaseAll: () => releaseThose(() => true),
  }
}
