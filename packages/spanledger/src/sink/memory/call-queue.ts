import { type Call, toCallLine } from '@spanledger/core'
import type { ApplicationSink } from '../application-sink.ts'
import type { Destination } from '../../destination/destination.ts'
import type { Reporter } from '../../reporter.ts'
import type { CallOutcomes } from '../outcomes/call-outcomes.ts'
import { ANSWER_MS } from './hand-over.ts'
import { createLineSender } from './line-sender.ts'
import { createQueuedLines } from './queued-lines.ts'

export interface CallQueueOptions {
  readonly database: Destination
  readonly reporter: Reporter
  /** Counts what happens to calls. */
  readonly outcomes: CallOutcomes
  /** With this many calls waiting, new ones are dropped and counted. */
  readonly maxWaiting?: number | undefined
  /** Called when the database has stored a batch for the first time. */
  readonly onFirstStored?: (() => void) | undefined
}

/** A sink without a journal. */
export interface CallQueue extends ApplicationSink {
  /**
   * From now on every waiting call, and every call that could not be stored, goes to `take`. A call that `take` refuses
   * stays here. `write` must not be called any more.
   */
  retire(take: (line: string) => boolean): void
}

const MAX_WAITING = 200_000
const CLOSE_WITHIN_MS = 5_000

/** A sink that holds calls in memory until the database has them. They are lost if the process is killed. */
export function createCallQueue(options: CallQueueOptions): CallQueue {
  const { reporter, outcomes, maxWaiting = MAX_WAITING } = options
  let state: 'open' | 'ending' | 'closed' = 'open'
  let closing: Promise<void> | undefined
  const lines = createQueuedLines()
  const sender = createLineSender({ ...options, lines, isEnding: () => state !== 'open' })

  const write = (call: Call) => {
    outcomes.generated()
    if (state === 'closed') return outcomes.dropped('closed')
    if (lines.waiting() >= maxWaiting) {
      outcomes.dropped('queue_full')
      const what = `${maxWaiting} calls wait to be stored; new ones are dropped until the database catches up`
      return reporter.warn('queue-full', what)
    }
    let line: string
    try {
      line = toCallLine(call)
    } catch (error) {
      return outcomes.invalid(error, reporter)
    }
    sender.add(line)
  }

  const close = async () => {
    state = 'ending'
    sender.offerWaiting()
    await sender.flush(sender.hasSuccessor() ? ANSWER_MS : CLOSE_WITHIN_MS)
    state = 'closed'
    sender.stop()
    // The successor is closed next, and accepts nothing after that.
    if (sender.hasSuccessor()) sender.offerAll()
    const left = lines.count()
    // Warned before waiting for the worker, because the process may end during the wait.
    if (left > 0) reporter.warn('unreachable', `${left} calls are lost unless the database stores them immediately`)
    await sender.close()
    lines.takeBack()
    outcomes.dropped('unreachable', lines.waiting())
    // They count as dropped, so they must not count as waiting too.
    lines.clear()
    outcomes.warnAboutLosses(reporter)
  }

  const flushNow = () => {
    if (state === 'open') state = 'ending'
    sender.offerWaiting()
    sender.flushNow(CLOSE_WITHIN_MS)
    // No answer comes after this.
    if (sender.hasSuccessor()) sender.offerAll()
    const lost = lines.count()
    if (lost === 0) return
    reporter.warn(
      'store-failed',
      `${lost} calls are lost, because the process ended before they were stored; before process.exit(), await the shutdown() that register() returns`,
    )
  }

  return {
    write,
    leaveOut: (reason) => outcomes.leftOut(reason, reporter),
    flush: () => sender.flush(CLOSE_WITHIN_MS),
    flushBeforeExit: () => sender.flush(CLOSE_WITHIN_MS),
    close: () => (closing ??= close()),
    flushNow,
    retire: sender.handOver,
    waitingLines: lines.all,
    journalBytes: () => 0,
    stats: () => outcomes.stats(),
  }
}
