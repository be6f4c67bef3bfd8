/** What has to happen before a process may end. */
export interface ExitWork {
  /** Stores and sends what has ended so far; bounded in time, never rejects. */
  flush(): Promise<void>
  /** Gives up on calls that have not ended. */
  abandon(): void
  /** Like `flush`, without an event loop, for `process.exit`. */
  flushNow(): void
}

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

/**
 * Flushes when the process ends by itself, is told to end by a signal, or calls `process.exit`. A signal ends the process
 * as it would have without us: when the application has a handler of its own, it decides; else the signal is raised again.
 * Returns a function that removes the hooks.
 */
export function flushOnExit(work: ExitWork): () => void {
  const onBeforeExit = () => void work.flush()
  const onExit = () => {
    work.abandon()
    work.flushNow()
  }
  let isEnding = false
  const raise = (signal: NodeJS.Signals) => {
    process.removeListener(signal, onSignal)
    process.kill(process.pid, signal)
  }
  const onSignal = (signal: NodeJS.Signals) => {
    if (process.listenerCount(signal) > 1) return void work.flush()
    if (isEnding) {
      // A second signal means that nobody wants to wait for a collector.
      work.flushNow()
      return raise(signal)
    }
    isEnding = true
    work.abandon()
    void work.flush().then(() => raise(signal))
  }
  process.once('beforeExit', onBeforeExit)
  process.on('exit', onExit)
  for (const signal of SIGNALS) process.on(signal, onSignal)
  return () => {
    process.removeListener('beforeExit', onBeforeExit)
    process.removeListener('exit', onExit)
    for (const signal of SIGNALS) process.removeListener(signal, onSignal)
  }
}
