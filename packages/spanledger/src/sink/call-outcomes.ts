import type { UsageSinkStats } from '@spanledger/core'
import type { SegmentProgress } from '@spanledger/journal'
import type { DrainAnswer } from './worker/drain-protocol.ts'
import type { Reporter } from '../reporter.ts'

/** Counts what became of each call, so that none goes missing without a word. */
export interface CallOutcomes {
  generated(): void
  dropped(reason: string, count?: number): void
  rejected(reason: string): void
  /** A call was not even handed over. */
  leftOut(reason: string, reporter: Reporter): void
  answered(answer: DrainAnswer): void
  /** Calls that are appended from here on lie in files of this writer. */
  writer(name: string): void
  /** A call was appended to the journal. */
  appended(): void
  /** What a drain tells of a segment; told twice it counts once. */
  progressed(progress: SegmentProgress): void
  /** Writers that have calls which nothing has been heard of. */
  unsettled(): readonly string[]
  /**
   * What has happened to the files of a writer, as far as is known now: nothing, if they are where they were. It holds for
   * those calls only that nothing has been heard of, or will be.
   */
  found(writer: string, fate: Fate | undefined): void
  fateOf(writer: string): Fate | undefined
  stats(): UsageSinkStats
  /** One line that sums up, if a call was lost. */
  sayLosses(reporter: Reporter): void
}

/** Another process has taken the files of a writer over, or somebody has removed the journal. */
export type Fate = 'adopted' | 'removed'

interface WriterCounts {
  appended: number
  settled: number
  fate: Fate | undefined
}

interface SegmentCounts {
  readonly offset: number
  readonly stored: number
  readonly deduplicated: number
  readonly rejected: number
}

const NOTHING: SegmentCounts = { offset: 0, stored: 0, deduplicated: 0, rejected: 0 }
// A drain that died after the database had answered could not tell why.
const REASON_LOST = 'not_storable'
const LEFT_OUT = 'writing it has failed, or has failed so often that it is left out for a while'
const REASON_REMOVED = 'journal_removed'

export function createCallOutcomes(): CallOutcomes {
  let generated = 0
  let stored = 0
  let deduplicated = 0
  const dropped = new Map<string, number>()
  const rejected = new Map<string, number>()
  const segments = new Map<number, SegmentCounts>()
  const writers = new Map<string, WriterCounts>()
  let current: WriterCounts | undefined
  let doneThrough = 0
  const add = (counts: Map<string, number>, reason: string, count = 1) => {
    if (count > 0) counts.set(reason, (counts.get(reason) ?? 0) + count)
  }
  const leftOf = ({ appended, settled }: WriterCounts) => Math.max(0, appended - settled)
  const countOf = (fate: Fate) => {
    let count = 0
    for (const writer of writers.values()) if (writer.fate === fate) count += leftOf(writer)
    return count
  }
  const lost = () => {
    const removed = countOf('removed')
    return removed === 0 ? dropped : new Map([...dropped, [REASON_REMOVED, removed]])
  }
  const sumOf = (counts: Map<string, number>) => [...counts.values()].reduce((sum, count) => sum + count, 0)
  return {
    generated: () => {
      generated += 1
    },
    dropped: (reason, count) => add(dropped, reason, count),
    rejected: (reason) => add(rejected, reason),
    leftOut(reason, reporter) {
      generated += 1
      add(dropped, reason)
      reporter.warn(`dropped-${reason}`, `a call was not recorded: ${LEFT_OUT}`)
    },
    answered(answer) {
      stored += answer.stored
      deduplicated += answer.deduplicated
      for (const { reason } of answer.rejected) add(rejected, reason)
    },
    writer(name) {
      current = { appended: 0, settled: 0, fate: undefined }
      writers.set(name, current)
    },
    appended() {
      if (current !== undefined) current.appended += 1
    },
    unsettled: () => [...writers].flatMap(([name, counts]) => (leftOf(counts) > 0 ? [name] : [])),
    found(writer, fate) {
      const counts = writers.get(writer)
      if (counts !== undefined) counts.fate = fate
    },
    fateOf: (writer) => writers.get(writer)?.fate,
    progressed(progress) {
      const { number, rejections, isDone } = progress
      if (number <= doneThrough) return
      const before = segments.get(number) ?? NOTHING
      // Where no positions are kept, a drain that starts again begins the segment anew: until it is as far as it was, it
      // tells of calls that have been counted.
      const isBehind = progress.offset < before.offset
      if (isBehind && !isDone) return
      const counts: SegmentCounts = isBehind ? before : progress
      segments.set(number, counts)
      stored += counts.stored - before.stored
      deduplicated += counts.deduplicated - before.deduplicated
      const added = counts.rejected - before.rejected
      for (const { reason } of rejections.slice(0, Math.max(0, added))) add(rejected, reason)
      add(rejected, REASON_LOST, added - rejections.length)
      // What is dropped from behind has in part been heard of.
      const newlyDropped = Math.max(0, progress.dropped + sumOfCounts(progress) - sumOfCounts(counts))
      add(dropped, 'journal_full', newlyDropped)
      const writer = writers.get(progress.writer)
      if (writer !== undefined) writer.settled += sumOfCounts(counts) - sumOfCounts(before) + newlyDropped
      if (!isDone) return
      segments.delete(number)
      doneThrough = number
    },
    stats() {
      const adopted = countOf('adopted')
      const settled = stored + deduplicated + adopted + sumOf(rejected) + sumOf(lost())
      return {
        generated,
        stored,
        deduplicated,
        rejected: Object.fromEntries(rejected),
        dropped: Object.fromEntries(lost()),
        journaled: generated - settled,
        ...(adopted > 0 ? { adopted } : {}),
      }
    },
    sayLosses(reporter) {
      const losses = [...lost(), ...rejected].map(([reason, count]) => `${count} ${reason}`)
      if (losses.length === 0) return
      reporter.warn(
        'losses',
        `of ${generated} calls, ${stored + deduplicated} are stored; not stored: ${losses.join(', ')}`,
      )
    },
  }
}

function sumOfCounts({ stored, deduplicated, rejected }: SegmentCounts): number {
  return stored + deduplicated + rejected
}
