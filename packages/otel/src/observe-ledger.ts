import { type MeterProvider, metrics, type ObservableResult } from '@opentelemetry/api'
import type { UsageSinkStats } from '@spanledger/core'

/** The observable state of a ledger. */
export interface LedgerLike {
  stats(): UsageSinkStats
  /** Size of the journal on disk. */
  journalBytes(): number
}

/** The metrics of a ledger, until stopped. */
export interface LedgerObserver {
  /** Looks for a meter provider. Call it repeatedly, because an application may register one at any time. */
  refresh(): void
  stop(): void
}

/**
 * Reports the outcome of calls through OpenTelemetry's Metrics API: `spanledger.calls` by outcome and reason, the calls
 * waiting to be stored (`spanledger.journal.calls`) and the size of the journal (`spanledger.journal.bytes`).
 */
export function observeLedger(ledger: LedgerLike): LedgerObserver {
  let observed: MeterProvider | undefined
  let stop = () => {}
  return {
    refresh() {
      const provider = metrics.getMeterProvider()
      if (provider === observed) return
      stop()
      observed = provider
      stop = observe(provider, ledger)
    },
    stop: () => stop(),
  }
}

function observe(provider: MeterProvider, ledger: LedgerLike): () => void {
  const meter = provider.getMeter('spanledger')
  const calls = meter.createObservableCounter('spanledger.calls', {
    unit: '{call}',
    description: 'Calls by outcome',
  })
  const waiting = meter.createObservableUpDownCounter('spanledger.journal.calls', {
    unit: '{call}',
    description: 'Calls waiting to be stored',
  })
  const bytes = meter.createObservableUpDownCounter('spanledger.journal.bytes', {
    unit: 'By',
    description: 'Size of the journal on disk',
  })
  const observeCalls = (result: ObservableResult) => {
    const { stored, deduplicated, rejected, dropped, adopted } = ledger.stats()
    result.observe(stored, { outcome: 'stored' })
    result.observe(deduplicated, { outcome: 'deduplicated' })
    if (adopted !== undefined) result.observe(adopted, { outcome: 'adopted' })
    for (const [reason, count] of Object.entries(rejected)) result.observe(count, { outcome: 'rejected', reason })
    for (const [reason, count] of Object.entries(dropped)) result.observe(count, { outcome: 'dropped', reason })
  }
  const observeWaiting = (result: ObservableResult) => result.observe(ledger.stats().journaled)
  const observeBytes = (result: ObservableResult) => result.observe(ledger.journalBytes())
  calls.addCallback(observeCalls)
  waiting.addCallback(observeWaiting)
  bytes.addCallback(observeBytes)
  return () => {
    calls.removeCallback(observeCalls)
    waiting.removeCallback(observeWaiting)
    bytes.removeCallback(observeBytes)
  }
}
