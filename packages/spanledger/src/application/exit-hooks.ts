/** The work to do before a process ends. */
export interface ExitWork {
  /** Stores and sends all ended calls; limited in time, never rejects. */
  flush(): Promise<void>
  /** Gives up on calls that have not ended. */
  abandon(): void
  /** Like `flush`, but synchronous, for `process.exit`. */
  flushNow(): void
  /** Called last, when no call can follow. Synchronous. */
  report(): void
}

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

/**
 * Flushes when the process ends by itself, by a signal, or by `process.exit`. A signal has the same effect as without us:
 * if the application has its own handler, that decides; otherwise the signal is raised again.
 * Returns a function that removes the hooks.
 */
export function flushOnExit(work: ExitWork): () => void {
  const onBeforeExit = () => void work.flush()
  const onExit = () => {
    work.abandon()
    work.flushNow()
    work.report()
  }
  let isEnding = false
  const raise = (signal: NodeJS.Signals) => {
    work.report()
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
