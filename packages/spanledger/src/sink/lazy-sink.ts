import { clearInterval, setInterval } from 'node:timers'
import { errorMessageOf, type UsageSinkStats } from '@spanledger/core'
import { type LedgerLike, observeLedger } from '@spanledger/otel'
import type { Reporter } from '../reporter.ts'
import { type ApplicationSink, NO_STATS } from './application-sink.ts'

/** A sink that opens another sink when it is first needed. */
export interface LazySink extends ApplicationSink {
  /** Opens the other sink if needed, and returns it. */
  open(): ApplicationSink
}

const REFRESH_MS = 1_000

/** Makes a sink that opens with the first call. From then on its counts are metrics of the application. */
export function createLazySink(openSink: () => ApplicationSink, reporter: Reporter): LazySink {
  let sink: ApplicationSink | undefined
  let refreshing: NodeJS.Timeout | undefined
  const faults = createFaults(reporter)
  const stats = () => faults.addTo(sink?.stats() ?? NO_STATS)
  const journalBytes = () => sink?.journalBytes() ?? 0
  const refresh = createRefresh({ stats, journalBytes }, reporter)
  const open = () => {
    if (sink !== undefined) return sink
    refresh()
    refreshing = setInterval(refresh, REFRESH_MS)
    refreshing.unref()
    sink = openSink()
    return sink
  }
  return {
    open,
    write: (call) => open().write(call),
    start: (call) => open().start?.(call),
    leaveOut: (reason) => open().leaveOut?.(reason),
    fault: faults.note,
    flush: async () => sink?.flush(),
    flushBeforeExit: async () => sink?.flushBeforeExit(),
    async close() {
      clearInterval(refreshing)
      await sink?.close()
    },
    flushNow: () => sink?.flushNow(),
    waitingLines: () => sink?.waitingLines() ?? [],
    journalBytes,
    stats,
  }
}

// Not counted by the other sink: opening it may be what failed.
function createFaults(reporter: Reporter) {
  let faults = 0
  return {
    note(site: string, error: unknown) {
      faults += 1
      if (faults > 1) return
      reporter.warn(
        'fault',
        `${site} failed: ${errorMessageOf(error)}. The application is not affected, but a call may be missing; stats().faults counts such errors`,
      )
    },
    addTo: (stats: UsageSinkStats): UsageSinkStats => (faults === 0 ? stats : { ...stats, faults }),
  }
}

// The meter provider belongs to the application. An error of it must not lose a call, or end the process from a timer.
function createRefresh(ledger: LedgerLike, reporter: Reporter): () => void {
  const observer = observeLedger(ledger)
  return () => {
    try {
      observer.refresh()
    } catch (error) {
      const why = errorMessageOf(error)
      reporter.warn('metrics', `cannot report metrics of the ledger: ${why}`)
    }
  }
}
