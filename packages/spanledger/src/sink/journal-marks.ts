import type { JournalMark, SegmentProgress } from '@spanledger/journal'
import type { CallOutcomes } from './call-outcomes.ts'

/** How far the journal of this process is settled, and who waits for that. */
export interface JournalMarks {
  progressed(progress: SegmentProgress): void
  /** Nothing before it is still to be heard of. */
  isSettled(mark: JournalMark): boolean
  /** Something has been stored. */
  hasBegun(): boolean
  /** Calls back once the mark is settled, or when nobody is to wait any longer. */
  wait(mark: JournalMark, resolve: () => void): void
  /** Calls those back whose mark is settled by now. */
  release(): void
  releaseAll(): void
}

interface Waiter {
  readonly mark: JournalMark
  readonly resolve: () => void
}

export function createJournalMarks(outcomes: CallOutcomes): JournalMarks {
  let waiters: Waiter[] = []
  let last = { number: 0, offset: 0, doneThrough: 0 }
  const isSettled = ({ writer, number, offset }: JournalMark) =>
    outcomes.fateOf(writer) !== undefined ||
    last.number > number ||
    (last.number === number && last.offset >= offset) ||
    (offset === 0 && last.doneThrough >= number - 1)
  const releaseThose = (isReleased: (waiter: Waiter) => boolean) => {
    const released = waiters.filter(isReleased)
    waiters = waiters.filter((waiter) => !released.includes(waiter))
    for (const { resolve } of released) resolve()
  }
  const release = () => releaseThose(({ mark }) => isSettled(mark))
  return {
    progressed({ number, offset, isDone }) {
      if (number > last.number) last = { ...last, number, offset }
      else if (number === last.number) last = { ...last, offset: Math.max(last.offset, offset) }
      if (isDone) last = { ...last, doneThrough: Math.max(last.doneThrough, number) }
    },
    isSettled,
    hasBegun: () => last.number > 0,
    wait: (mark, resolve) => void waiters.push({ mark, resolve }),
    release,
    releaseAll: () => releaseThose(() => true),
  }
}
