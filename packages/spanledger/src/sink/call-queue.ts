import { type Call, toCallLine } from '@spanledger/core'
import type { ApplicationSink } from './application-sink.ts'
import type { Destination } from '../destination/destination.ts'
import { createLocalDrain, createWorkerDrain, type Drain } from './worker/memory-drain.ts'
import type { DrainAnswer } from './worker/drain-protocol.ts'
import type { Reporter } from '../reporter.ts'
import type { CallOutcomes } from './call-outcomes.ts'

export interface CallQueueOptions {
  readonly database: Destination
  readonly reporter: Reporter
  /** Counts what becomes of calls. */
  readonly outcomes: CallOutcomes
  /** Above this many waiting calls new ones are dropped and counted. */
  readonly maxWaiting?: number | undefined
  /** Called when the database has taken a batch for the first time. */
  readonly onFirstStored?: (() => void) | undefined
}

/** A sink without a journal. */
export interface CallQueue extends ApplicationSink {
  /**
   * From here on everything that waits, or comes back because it could not be stored, goes to `take`; what that one does not
   * want stays. No call is written any more.
   */
  retire(take: (line: string) => boolean): void
}

const BATCH = 512
const SEND_AFTER_MS = 25
const RETRY_MS = { first: 250, most: 10_000 }
const CLOSE_WITHIN_MS = 5_000

const MAX_WAITING = 200_000
const ANSWER_MS = 1_000
// So many at once go to a successor, so as not to hold up the event loop.
const HAND_OVER = 256

/** A sink that holds calls in memory until the database has them. Calls still here when a process is killed are lost. */
export function createCallQueue(options: CallQueueOptions): CallQueue {
  const { database, reporter, outcomes, maxWaiting = MAX_WAITING } = options
  let { onFirstStored } = options
  let waiting: string[] = []
  const sent = new Map<number, readonly string[]>()
  const idle: (() => void)[] = []
  let lastId = 0
  let drain: Drain | undefined
  let timer: NodeJS.Timeout | undefined
  let retryMs = RETRY_MS.first
  let isClosed = false
  // After a failure one batch at a time goes out, and nobody who flushes is kept waiting for it.
  let isFailing = false
  let isEnding = false
  let successor: ((line: string) => boolean) | undefined
  const countSent = () => [...sent.values()].reduce((sum, lines) => sum + lines.length, 0)

  const handOver = () => {
    const take = successor
    if (take === undefined) return
    const size = isEnding ? waiting.length : HAND_OVER
    const refused = waiting.slice(0, size).filter((line) => !take(line))
    waiting = [...refused, ...waiting.slice(size)]
    // What the successor has no room for goes to the database after all, or is offered again when that fails.
    if (refused.length > 0) schedule(retryMs)
    else if (waiting.length > 0) setTimeout(handOver, 0).unref()
    if (waiting.length > 0 || sent.size > 0) return
    clearTimeout(timer)
    timer = undefined
    void drain?.close()
    drain = undefined
  }

  const onAnswer = (answer: DrainAnswer) => {
    const lines = sent.get(answer.id)
    if (lines === undefined) return
    sent.delete(answer.id)
    outcomes.answered(answer)
    for (const { reason, message } of answer.rejected)
      reporter.warn(`rejected-${reason}`, `a call was not stored: ${message}`)
    if (answer.failure !== undefined) {
      // Oldest first again, in front of what came meanwhile.
      waiting = [...lines.slice(answer.answered), ...waiting]
      isFailing = true
      handOver()
      if (waiting.length > 0) {
        reporter.warn(
          'store-failed',
          `cannot store calls: ${answer.failure}. ${waiting.length} calls ${isEnding ? 'are lost with this process' : 'wait in memory; trying again'}`,
        )
        schedule(retryMs)
        retryMs = Math.min(retryMs * 2, RETRY_MS.most)
      }
    } else {
      isFailing = false
      retryMs = RETRY_MS.first
      handOver()
      onFirstStored?.()
      onFirstStored = undefined
    }
    if (isFailing || (sent.size === 0 && waiting.length === 0)) for (const resolve of idle.splice(0)) resolve()
    else if (waiting.length > 0 && sent.size === 0) schedule(0)
  }

  const takeBackSent = () => {
    waiting = [...[...sent.values()].flat(), ...waiting]
    sent.clear()
  }

  const onGone = (why: Error) => {
    reporter.warn(
      'worker-gone',
      `no worker thread can store calls (${why.message}); storing them in small slices on the main thread`,
    )
    drain = createLocalDrain(database, { onAnswer })
    takeBackSent()
    schedule(0)
  }

  const startDrain = (): Drain => {
    try {
      return createWorkerDrain(database, { onAnswer, onGone })
    } catch (error) {
      reporter.warn(
        'worker-missing',
        `no worker thread could be started (${error instanceof Error ? error.message : String(error)}); storing calls in small slices on the main thread`,
      )
      return createLocalDrain(database, { onAnswer })
    }
  }

  const sendWaiting = () => {
    clearTimeout(timer)
    timer = undefined
    while (waiting.length > 0 && !(isFailing && sent.size > 0)) {
      drain ??= startDrain()
      const lines = waiting.slice(0, BATCH)
      waiting = waiting.slice(BATCH)
      lastId += 1
      sent.set(lastId, lines)
      drain.send({ id: lastId, lines })
    }
  }

  const schedule = (afterMs: number) => {
    if (timer !== undefined || isClosed) return
    timer = setTimeout(sendWaiting, afterMs)
    timer.unref()
  }

  const flush = (timeoutMs = CLOSE_WITHIN_MS) =>
    new Promise<void>((resolve) => {
      sendWaiting()
      if (sent.size === 0 && waiting.length === 0) return resolve()
      // Whoever flushes wants to go on living until it is done.
      const keepAlive = setTimeout(resolve, timeoutMs)
      idle.push(() => {
        clearTimeout(keepAlive)
        resolve()
      })
    })

  let closing: Promise<void> | undefined
  const close = async () => {
    isEnding = true
    handOver()
    await flush(successor === undefined ? CLOSE_WITHIN_MS : ANSWER_MS)
    isClosed = true
    clearTimeout(timer)
    // A successor takes no more once it is closed itself, and that comes next.
    if (successor !== undefined) takeBackSent()
    handOver()
    const left = waiting.length + countSent()
    // Before the wait for the worker, which may be longer than the process lives.
    if (left > 0) reporter.warn('unreachable', `${left} calls are lost unless the database takes them at once`)
    await drain?.close()
    drain = undefined
    takeBackSent()
    // Nobody holds them from here on, so nobody must count them as waiting.
    outcomes.dropped('unreachable', waiting.length)
    waiting = []
    outcomes.sayLosses(reporter)
  }

  return {
    retire(take) {
      successor = take
      handOver()
      // What is on its way is answered by then, or goes the other way as well: what is stored twice is stored once.
      setTimeout(() => {
        takeBackSent()
        handOver()
        for (const resolve of idle.splice(0)) resolve()
      }, ANSWER_MS).unref()
    },
    leaveOut: (reason) => outcomes.leftOut(reason, reporter),
    write(call: Call) {
      outcomes.generated()
      if (isClosed) return outcomes.dropped('closed')
      if (waiting.length >= maxWaiting) {
        outcomes.dropped('queue_full')
        reporter.warn(
          'queue-full',
          `${maxWaiting} calls wait to be stored; new ones are dropped until the database takes them`,
        )
        return
      }
      try {
        waiting.push(toCallLine(call))
      } catch (error) {
        outcomes.rejected('invalid_call')
        reporter.warn(
          'rejected-invalid_call',
          `a call was not stored: ${error instanceof Error ? error.message : String(error)}`,
        )
        return
      }
      if (waiting.length >= BATCH && !isFailing) sendWaiting()
      else schedule(SEND_AFTER_MS)
    },
    flush: () => flush(),
    flushBeforeExit: () => flush(),
    close: () => (closing ??= close()),
    flushNow() {
      isEnding = true
      handOver()
      sendWaiting()
      if (sent.size > 0) drain?.waitFor(lastId, CLOSE_WITHIN_MS)
      // No answer may come after all, and what is stored twice is stored once.
      if (successor !== undefined) takeBackSent()
      handOver()
      const lost = waiting.length + countSent()
      if (lost === 0) return
      reporter.warn(
        'store-failed',
        `${lost} calls are lost, because the process ended before they were stored; await shutdown() of what register() gives before process.exit()`,
      )
    },
    journalBytes: () => 0,
    stats: () => outcomes.stats(),
  }
}
