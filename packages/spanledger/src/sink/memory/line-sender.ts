import { setTimeout } from 'node:timers'

import type { CallOutcomes } from '../outcomes/call-outcomes.ts'
import type { Destination } from '../../destination/destination.ts'
import type { Reporter } from '../../reporter.ts'
import { createFlushWaiters } from '../flush-waiters.ts'
import { ANSWER_MS, createHandOver } from './hand-over.ts'
import { LINES_A_BATCH, type QueuedLines } from './queued-lines.ts'
import { createSendTimer } from './send-timer.ts'
import { createMemoryDrain } from '../worker/memory-drain.ts'
import type { BatchAnswer } from '../worker/worker-protocol.ts'

/** Sends queued lines to the database in batches, and handles the answers. */
export interface LineSender {
  /** Adds a line. It is sent soon, or immediately if a batch is full. */
  add(line: string): void
  /** Sends waiting lines. Resolves when they are answered, when the database fails, or after `timeoutMs`. */
  flush(timeoutMs: number): Promise<void>
  /** The same without the event loop: blocks, and handles the answers that have arrived. */
  flushNow(timeoutMs: number): void
  /**
   * From now on lines go to a successor. `take` returns false for a line that it has no room for. Sent batches go there
   * too unless they are answered within `ANSWER_MS`.
   */
  handOver(take: (line: string) => boolean): void
  hasSuccessor(): boolean
  /** Offers the successor all lines that wait or have no answer. A call that is stored twice is kept once. */
  offerAll(): void
  /** Offers the successor all waiting lines. */
  offerWaiting(): void
  /** From now on nothing is sent by a timer. */
  stop(): void
  /** Ends the worker once sent batches are answered. */
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
    const fate = isEnding() ? 'are lost when this process ends' : 'wait in memory and are retried'
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
