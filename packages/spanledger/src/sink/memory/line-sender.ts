import type { CallOutcomes } from '../outcomes/call-outcomes.ts'
import type { Destination } from '../../destination/destination.ts'
import type { Reporter } from '../../reporter.ts'
import { createFlushWaiters } from '../flush-waiters.ts'
import { ANSWER_MS, createHandOver } from './hand-over.ts'
import { LINES_A_BATCH, type QueuedLines } from './queued-lines.ts'
import { createSendTimer } from './send-timer.ts'
import { createMemoryDrain } from '../worker/memory-drain.ts'
import type { BatchAnswer } from '../worker/worker-protocol.ts'

/** Sends queued lines to the database in batches, and takes the answers. */
export interface LineSender {
  /** Adds a line. It is sent soon, or at once when a batch is full. */
  add(line: string): void
  /** Sends what waits, and resolves when it is answered, when the database fails, or when the time is over. */
  flush(timeoutMs: number): Promise<void>
  /** The same without the event loop: blocks, and takes the answers that have come. */
  flushNow(timeoutMs: number): void
  /**
   * From here on lines go to a successor, which returns false for a line that it has no room for. Batches that are on
   * their way go there too unless they are answered within `ANSWER_MS`.
   */
  handOver(take: (line: string) => boolean): void
  hasSuccessor(): boolean
  /** Offers the successor what waits and what was sent without an answer. A call that is stored twice is stored once. */
  offerAll(): void
  /** Offers the successor what waits. */
  offerWaiting(): void
  /** Sends nothing by itself from here on. */
  stop(): void
  /** Ends the worker after what was sent. */
  close(): Promise<void>
}

export interface LineSenderOptions {
  readonly lines: QueuedLines
  readonly database: Destination
  readonly reporter: Reporter
  readonly outcomes: CallOutcomes
  /** True when the process is about to end. */
  readonly isEnding: () => boolean
  /** Called when the database has stored a batch for the first time. */
  readonly onFirstStored?: (() => void) | undefined
}

/** Makes a sender. Its worker starts with the first batch. */
export function createLineSender(options: LineSenderOptions): LineSender {
  const { lines, database, reporter, outcomes, isEnding } = options
  const waiters = createFlushWaiters()
  const timer = createSendTimer(send)
  const drain = createMemoryDrain({ database, reporter, onAnswer, onLost })
  const successor = createHandOver({ lines, timer, drain, isEnding })
  let hasStored = false

  function send(): void {
    timer.cancel()
    // While the database fails, one batch at a time is enough.
    while (lines.waiting() > 0 && !(timer.isFailing() && lines.isSending())) drain.send(lines.nextBatch())
  }

  function onAnswer(answer: BatchAnswer): void {
    if (!lines.answered(answer)) return
    outcomes.answered(answer)
    for (const { reason, message } of answer.rejected) {
      reporter.warn(`rejected-${reason}`, `a call was not stored: ${message}`)
    }
    if (answer.failure === undefined) onStored()
    else onFailed(answer.failure)
    // While the database fails, callers of flush do not wait for it.
    if (timer.isFailing() || lines.count() === 0) waiters.release()
    else if (!lines.isSending()) timer.sendNow()
  }

  function onStored(): void {
    timer.succeeded()
    successor.offer()
    if (hasStored) return
    hasStored = true
    options.onFirstStored?.()
  }

  function onFailed(failure: string): void {
    timer.failed()
    successor.offer()
    const waiting = lines.waiting()
    if (waiting === 0) return
    const fate = isEnding() ? 'are lost with this process' : 'wait in memory; trying again'
    reporter.warn('store-failed', `cannot store calls: ${failure}. ${waiting} calls ${fate}`)
    timer.retry('longer')
  }

  function onLost(): void {
    lines.takeBack()
    timer.sendNow()
  }

  function offerAll(): void {
    lines.takeBack()
    successor.offer()
  }

  return {
    add(line) {
      lines.add(line)
      if (lines.waiting() >= LINES_A_BATCH && !timer.isFailing()) send()
      else timer.sendSoon()
    },
    async flush(timeoutMs) {
      send()
      if (lines.count() > 0) await waiters.wait(timeoutMs)
    },
    flushNow(timeoutMs) {
      send()
      if (lines.isSending()) drain.waitFor(lines.lastId(), timeoutMs)
    },
    handOver(take) {
      successor.start(take)
      setTimeout(() => {
        offerAll()
        waiters.release()
      }, ANSWER_MS).unref()
    },
    hasSuccessor: successor.hasStarted,
    offerAll,
    offerWaiting: successor.offer,
    stop: timer.close,
    close: drain.close,
  }
}
