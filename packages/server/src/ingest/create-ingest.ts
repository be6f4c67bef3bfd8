import { type Call, callId, type ContentPolicy, type CountsByReason } from '@spanledger/core'
import type { RejectedCall, Store } from '@spanledger/store'
import type { Limits } from '../limits.ts'
import { createBatchWriter } from './batch-writer.ts'
import { createCallMeter } from './call-meter.ts'
import type { ConvertedSpans } from './convert-spans.ts'
import { createConverterLine } from './converter-line.ts'
import type { Ingest, LineRejection, LinesOutcome, Refused, SpansOutcome } from './ingest.ts'
import { createIngestCounters } from './ingest-counters.ts'
import { createIngestRefusals } from './ingest-refusals.ts'
import { createLivePrices } from '../prices/live-prices.ts'
import type { PriceSources } from '../prices/price-source.ts'
import { startQuietRuns } from './quiet-runs.ts'
import { type CallLines, readCallLines } from './read-call-lines.ts'
import { createRootFallback } from './root-fallback.ts'
import { createCallSettler } from './settle-calls.ts'
import { createSettledWrite } from './settled-write.ts'
import { createSettlingRounds } from './settling-rounds.ts'
import { createStepLinks, type StepLinkStore } from './step-links.ts'

export interface IngestOptions {
  readonly store: Pick<Store, 'write' | 'calls' | 'customPrices'> & StepLinkStore
  readonly content: ContentPolicy
  readonly prices?: PriceSources | undefined
  readonly limits: Pick<Limits, 'spans' | 'callLines' | 'callLineBytes'>
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Called with a sentence for the operator of the server when something is wrong with the database. */
  readonly onProblem?: ((sentence: string) => void) | undefined
}

/** An ingest on this thread. A store that blocks while it writes holds the thread up: see `startIngestWorker`. */
export function createIngest(options: IngestOptions): Ingest {
  const { store, content, limits, now } = options
  const counters = createIngestCounters(now)
  const refusals = createIngestRefusals(counters, options.onProblem)
  const meter = createCallMeter()
  const prices = createLivePrices(store, options.prices ?? {}, now)
  const links = createStepLinks(store, now)
  const fallback = createRootFallback(now)
  const settler = createCallSettler(links, fallback)
  const repeated = new WeakSet<Call>()
  const writer = createBatchWriter(createSettledWrite({ store, settler, meter, counters, repeated }))
  const line = createConverterLine({ content, prices, maxSpans: limits.spans, room: writer.room })
  const rounds = createSettlingRounds({ store, links, writer, repeated })
  const stopQuietRuns = startQuietRuns({ store, fallback, prices, writer, counters, now, onError: refusals.of })

  const refuseWhole = (error: unknown): Refused => refusals.of(error)

  async function storeSpans({ calls, steps, notAI, rejected: unread, reasons }: ConvertedSpans): Promise<SpansOutcome> {
    let unstored = calls.length
    counters.received(unstored + steps.length + notAI + unread, { notAI, steps: steps.length, reasons })
    try {
      const first = await rounds.write(calls, steps)
      unstored = 0
      await rounds.settleAgain(first, steps)
      const { rejected } = first
      return { kind: 'stored', rejected: unread + rejected.length, reasons: countReasons(rejected, reasons) }
    } catch (error) {
      return refusals.of(error, unstored)
    }
  }

  async function storeLines(body: Buffer): Promise<LinesOutcome> {
    const read = readCallLines(body, limits)
    const { calls, rejected } = read
    counters.received(calls.length + rejected.length, { reasons: countReasons(rejected) })
    if (calls.length === 0) return { kind: 'stored', stored: 0, deduplicated: 0, rejected }
    try {
      const result = await writer.writeAlone(calls)
      const { stored, deduplicated } = result
      return { kind: 'stored', stored, deduplicated, rejected: [...rejected, ...withLines(result.rejected, read)] }
    } catch (error) {
      return refusals.of(error, calls.length)
    }
  }

  return {
    // Chained, so that nothing holds the body while its calls wait for the database. Only a body that cannot be read is
    // caught here.
    spans: (body, format) => line.convert(bufferOf(body), format).then(storeSpans).catch(refuseWhole),
    lines: async (body) => storeLines(bufferOf(body)).catch(refuseWhole),
    async write(calls) {
      counters.received(calls.length, {})
      return writer.writeAlone(calls)
    },
    async snapshot() {
      return { stats: counters.stats(writer.waiting()), calls: meter.metrics() }
    },
    async close() {
      stopQuietRuns()
      await writer.idle()
    },
  }
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}

function countReasons(rejected: readonly { readonly reason: string }[], others: CountsByReason = {}): CountsByReason {
  const counts: Record<string, number> = { ...others }
  for (const { reason } of rejected) counts[reason] = (counts[reason] ?? 0) + 1
  return counts
}

// The lines of calls that were read and then rejected by the database.
function withLines(rejected: readonly RejectedCall[], { calls, lines }: CallLines): readonly LineRejection[] {
  const lineOf = new Map(calls.map((call, index) => [callId(call), lines[index] ?? 0]))
  return rejected.map(({ call, reason }) => ({ line: lineOf.get(callId(call)) ?? 0, reason }))
}
