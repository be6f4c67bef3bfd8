import { createStallWatch } from '@spanledger/journal'
import type { Reporter } from '../../reporter.ts'
import { type DrainRunner, type DrainRunnerOptions, drainInWorker, drainOnMainThread } from './drain-runner.ts'
import { createRestartLimit } from './restart-limit.ts'
import type { JournalAnswer } from './worker-protocol.ts'
import { warnWorkerGone, warnWorkerMissing } from './worker-warnings.ts'

/**
 * Drains a journal away from the event loop: in a worker thread that is restarted when it dies or stalls. If no worker
 * can run, it drains on the main thread.
 */
export interface DrainThread extends Omit<DrainRunner, 'canStall' | 'terminate'> {
  /** Restarts a stalled worker. Call it once a second. */
  supervise(): void
}

export interface DrainThreadOptions extends DrainRunnerOptions {
  readonly reporter: Reporter
}

/** Starts draining. */
export function createDrainThread(options: DrainThreadOptions): DrainThread {
  const { signals, reporter, onEvent } = options
  const writers: string[] = []
  const stalls = createStallWatch(signals)
  const restarts = createRestartLimit()
  let isReady = false
  let runner = start()

  function start(): DrainRunner {
    restarts.started()
    stalls.starting()
    isReady = false
    try {
      return drainInWorker(options, writers, { onMessage, onGone })
    } catch (error) {
      warnWorkerMissing(reporter, error)
      return startHere()
    }
  }

  function startHere(): DrainRunner {
    isReady = true
    return drainOnMainThread(options, writers)
  }

  function onMessage(answer: JournalAnswer): void {
    if (answer.type !== 'ready') return onEvent(answer)
    isReady = true
    stalls.ready()
  }

  function onGone(why: Error): void {
    const mayRestart = restarts.allowsRestart()
    if (isReady && mayRestart) {
      reporter.warn('worker-restarted', `the worker thread that stores calls is started again: ${why.message}`)
      runner = start()
      return
    }
    warnWorkerGone(reporter, why)
    runner = startHere()
  }

  return {
    wake: (when) => runner.wake(when),
    addWriter(writer) {
      writers.push(writer)
      runner.addWriter(writer)
    },
    dropOldest: () => runner.dropOldest(),
    waitForEvent: (timeoutMs) => runner.waitForEvent(timeoutMs),
    supervise() {
      const seconds = stalls.look()
      if (seconds === undefined || !runner.canStall) return
      runner.terminate()
      onGone(new Error(`it has stood still for ${seconds} seconds`))
    },
    close: () => runner.close(),
  }
}
