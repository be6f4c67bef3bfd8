import type { Store } from '@spanledger/store'
import type { BatchWriter } from './batch-writer.ts'
import type { IngestCounters } from './ingest-counters.ts'
import type { LivePrices } from '../prices/live-prices.ts'
import { recentTraces } from './recent-runs.ts'
import type { RootFallback } from './root-fallback.ts'

export interface QuietRunsOptions {
  readonly store: Pick<Store, 'calls'>
  readonly fallback: RootFallback
  readonly prices: LivePrices
  readonly writer: BatchWriter
  readonly counters: IngestCounters
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Called when runs could not be stored. */
  readonly onError: (error: unknown) => void
}

// Whether a run has been quiet for five minutes need not be known to the second.
const SWEEP_EVERY_MS = 15_000

/**
 * Bills runs whose traces stay quiet without a provider call, those of the last hour before the start included, until the
 * function that it returns is called.
 */
export function startQuietRuns(options: QuietRunsOptions): () => void {
  const timer = setInterval(() => void billQuietRuns(options), SWEEP_EVERY_MS)
  timer.unref()
  void rememberRuns(options)
  return () => clearInterval(timer)
}

async function rememberRuns({ store, fallback, now }: QuietRunsOptions): Promise<void> {
  try {
    for await (const calls of recentTraces(store, now())) fallback.observe(calls)
  } catch {
    // A database that does not answer is reported at the first write.
  }
}

async function billQuietRuns({ fallback, prices, writer, counters, onError }: QuietRunsOptions): Promise<void> {
  try {
    const runs = fallback.takeQuiet(await prices.book())
    if (runs.length === 0) return
    await writer.writeAlone(runs)
    counters.rootFallbacks(runs.length)
  } catch (error) {
    onError(error)
  }
}
