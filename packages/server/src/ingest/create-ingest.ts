import { type Call, callId, type ContentPolicy, createContentMemory } from '@spanledger/core'
import type { StepLink, Store, WriteResult } from '@spanledger/store'
import { createCallMeter } from '../metrics/call-metrics.ts'
import type { Limits } from '../limits.ts'
import { MalformedBody } from '../otlp/proto-cursor.ts'
import type { SpanFormat } from '../otlp/read-spans.ts'
import { createBatchWriter } from './batch-writer.ts'
import { convertSpans, type ConvertedSpans } from './convert-spans.ts'
import type { Ingest, LinesOutcome, Refused, SpansOutcome } from './ingest.ts'
import { createIngestTally } from './ingest-tally.ts'
import { createLivePrices, type PriceSources } from './live-prices.ts'
import { readCallLines } from './read-call-lines.ts'
import { recentTraces } from './recent-runs.ts'
import { createRootFallback } from './root-fallback.ts'
import { createCallSettler } from './settle-calls.ts'
import { createStepLinks, type StepLinkStore } from './step-links.ts'

export interface IngestOptions {
  readonly store: Pick<Store, 'write' | 'calls' | 'customPrices'> & StepLinkStore
  readonly content: ContentPolicy
  readonly prices?: PriceSources | undefined
  readonly limits: Pick<Limits, 'spans' | 'callLines' | 'callLineBytes'>
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Told what goes wrong with the database: a sentence for whoever runs the server. */
  readonly onProblem?: ((sentence: string) => void) | undefined
}

// Whether a run has been quiet for five minutes need not be known to the second.
const SWEEP_EVERY_MS = 15_000

// Of several who take parts of a trace at once, so many rounds of news are enough.
const SETTLE_ROUNDS = 4

const DATABASE_REFUSED = 'the database could not take calls'

// A step that comes alone is rare. More of them in one request wait for the next call of their traces.
const MOST_TOUCHED = 100

/** An ingest on this thread. A store that blocks while it writes holds the thread up: see `startIngestWorker`. */
export function createIngest(options: IngestOptions): Ingest {
  const { store, content, limits, now } = options
  const tally = createIngestTally(now)
  const meter = createCallMeter()
  const links = createStepLinks(store, now)
  const memory = createContentMemory()
  const fallback = createRootFallback(now)
  const settler = createCallSettler(links, fallback)
  const prices = createLivePrices(store, options.prices ?? {}, now)
  // Calls that are written once more only to have their trace settled.
  const touched = new WeakSet<Call>()
  const writer = createBatchWriter(writeCalls)
  const timer = setInterval(() => void billQuietRuns(), SWEEP_EVERY_MS)
  timer.unref()
  void rememberRuns()

  async function writeCalls(calls: readonly Call[], links: readonly StepLink[]): Promise<WriteResult> {
    const settled = settler.settle(calls)
    const result = await store.write(settled, { settle: settler.settleStored, links })
    const own = calls.filter((call) => !touched.has(call))
    meter.add(withoutRefused(settled, result))
    tally.written(own, { ...result, deduplicated: result.deduplicated - (calls.length - own.length) })
    return result
  }

  // The rows of a trace are settled when one of them is written, so a step without a call of its trace needs one.
  async function callsToTouch(steps: readonly Call[], calls: readonly Call[]): Promise<readonly Call[]> {
    const fresh = new Set(calls.map((call) => call.trace_id))
    const traceIds = new Set(steps.map((step) => step.trace_id).filter((traceId) => !fresh.has(traceId)))
    const found: Call[] = []
    for (const trace of [...traceIds].slice(0, MOST_TOUCHED)) {
      const [call] = (await store.calls({ trace }, { limit: 1 })).calls
      if (call !== undefined) found.push(call)
    }
    for (const call of found) touched.add(call)
    return found
  }

  // A trace of more steps than memory holds would have news for ever.
  async function settleAgain(calls: readonly Call[], steps: readonly Call[], rounds = SETTLE_ROUNDS): Promise<void> {
    if (calls.length === 0 || rounds === 0) return
    for (const call of calls) touched.add(call)
    const known = links.known(calls)
    await writer.write(calls)
    await settleAgain(await links.overtaken(calls, steps, known), steps, rounds - 1)
  }

  function refused(error: unknown, received = 0): Refused {
    if (error instanceof MalformedBody) {
      tally.refused(error.message, 0)
      return { kind: 'malformed', message: error.message }
    }
    const message = error instanceof Error ? error.message : String(error)
    options.onProblem?.(`Calls could not be stored: ${message}`)
    tally.refused(DATABASE_REFUSED, received)
    return { kind: 'unavailable', message }
  }

  // One body after the other, and none while many calls wait: bodies take far less memory than what they become.
  let line: Promise<unknown> = Promise.resolve()
  function convertInLine(body: Buffer, format: SpanFormat): Promise<ConvertedSpans> {
    const converted = line.then(async () => {
      await writer.room()
      const convert = { content, memory, prices: await prices.book() }
      return convertSpans(body, format, { maxSpans: limits.spans, convert })
    })
    line = converted.catch(() => {})
    return converted
  }

  async function storeSpans({ calls, steps, notAI, rejected: unread, reasons }: ConvertedSpans): Promise<SpansOutcome> {
    let unstored = calls.length
    tally.received(unstored + steps.length + notAI + unread, { notAI, steps: steps.length, reasons })
    try {
      const newLinks = await links.add(steps, calls)
      const all = steps.length === 0 ? calls : [...calls, ...(await callsToTouch(steps, calls))]
      const known = links.known(all)
      const rejected = all.length === 0 ? [] : await writer.write(all, newLinks)
      unstored = 0
      await settleAgain(await links.overtaken(all, steps, known), steps)
      if (rejected.length === 0) return { kind: 'stored', rejected: unread, reasons }
      const allReasons: Record<string, number> = { ...reasons }
      for (const { reason } of rejected) allReasons[reason] = (allReasons[reason] ?? 0) + 1
      return { kind: 'stored', rejected: unread + rejected.length, reasons: allReasons }
    } catch (error) {
      return refused(error, unstored)
    }
  }

  async function takeLines(body: Buffer): Promise<LinesOutcome> {
    const read = readCallLines(body, limits)
    tally.received(read.calls.length + read.rejected.length, { reasons: countReasons(read.rejected) })
    if (read.calls.length === 0) return { kind: 'stored', stored: 0, deduplicated: 0, rejected: read.rejected }
    try {
      const { stored, deduplicated, rejected } = await writer.writeAlone(read.calls)
      const lineOf = new Map(read.calls.map((call, index) => [callId(call), read.lines[index] ?? 0]))
      const refusedLines = rejected.map(({ call, reason }) => ({ line: lineOf.get(callId(call)) ?? 0, reason }))
      return { kind: 'stored', stored, deduplicated, rejected: [...read.rejected, ...refusedLines] }
    } catch (error) {
      return refused(error, read.calls.length)
    }
  }

  function refusedWhole(error: unknown): Refused {
    return refused(error)
  }

  // Runs that came before a restart.
  async function rememberRuns(): Promise<void> {
    try {
      for await (const calls of recentTraces(store, now())) fallback.observe(calls)
    } catch {
      // A database that does not answer says so at the first write.
    }
  }

  async function billQuietRuns(): Promise<void> {
    try {
      const runs = fallback.takeQuiet(await prices.book())
      if (runs.length === 0) return
      await writer.writeAlone(runs)
      tally.rootFallbacks(runs.length)
    } catch (error) {
      refused(error)
    }
  }

  return {
    // Step by step, so that nothing holds the body while its calls wait for the database. What is not caught within is a
    // body that cannot be read.
    spans: (body, format) => convertInLine(bufferOf(body), format).then(storeSpans).catch(refusedWhole),
    lines: async (body) => takeLines(bufferOf(body)).catch((error: unknown) => refused(error)),
    async write(calls) {
      tally.received(calls.length, {})
      return writer.writeAlone(calls)
    },
    async snapshot() {
      return { stats: tally.stats(writer.waiting()), calls: meter.metrics() }
    },
    async close() {
      clearInterval(timer)
      await writer.idle()
    },
  }
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}

function withoutRefused(calls: readonly Call[], { rejected }: WriteResult): readonly Call[] {
  if (rejected.length === 0) return calls
  const refused = new Set(rejected.map(({ call }) => callId(call)))
  return calls.filter((call) => !refused.has(callId(call)))
}

function countReasons(rejected: readonly { readonly reason: string }[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { reason } of rejected) counts[reason] = (counts[reason] ?? 0) + 1
  return counts
}
