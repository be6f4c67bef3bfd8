// Measures the cost of appending a call to the journal, and how fast a worker drains calls into SQLite, compared with plain
// node:sqlite and the same rows in the same run.
//
//   node --conditions=@spanledger/source bench/journal.ts [calls per round] [rounds]
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { type Call, toCallLine } from '@spanledger/core'
import { createDrainSignals, createJournal } from '@spanledger/journal'
import { openUsageLog } from 'spanledger'
import { makeCalls } from './calls.ts'
import { medianOf, percentileOf } from './medians.ts'
import { openPlain } from './plain-sqlite.ts'
import { sevenSpans } from './spans.ts'

const CALLS = Number(process.argv[2] ?? 20_000)
const ROUNDS = Number(process.argv[3] ?? 5)
const MEGABYTE = 1024 * 1024
const BATCH = 512

const folder = mkdtempSync(join(tmpdir(), 'spanledger-bench-'))
try {
  for (const durability of ['process', 'power'] as const) sayAppend(durability, durability === 'power' ? 500 : CALLS)
  await sayBurst()
  await sayDrain()
  await sayExporter()
  await sayLoopDelay()
} finally {
  rmSync(folder, { recursive: true })
}

function sayAppend(durability: 'process' | 'power', count: number): void {
  const path = join(folder, durability)
  const journal = createJournal({ folder: path, signals: createDrainSignals(), durability, onWriter: () => {} })
  const calls = makeCalls(0, count)
  const microseconds = calls.map((call) => {
    const started = performance.now()
    journal.append('call', toCallLine(call))
    return (performance.now() - started) * 1000
  })
  journal.close()
  const size = Math.round(toCallLine(calls[0] as Call).length)
  console.log(
    `append, ${durability}, JSON included, ${size} bytes per call: p50 ${medianOf(microseconds).toFixed(1)} µs${durability === 'process' ? ' (at most 15)' : ''}   p99 ${percentileOf(microseconds, 0.99).toFixed(0)} µs`,
  )
}

// A burst of calls in one tick: the journal takes them, so that memory does not have to.
async function sayBurst(): Promise<void> {
  const log = openUsageLog(`file:${join(folder, 'burst.db')}`)
  const calls = makeCalls(0, 1_000)
  log.write(calls[0] as Call)
  await log.flush()
  const before = process.memoryUsage.rss()
  for (let count = 0; count < 100_000; count += 1) {
    log.write({ ...(calls[count % 1_000] as Call), span_id: randomBytes(8).toString('hex') })
  }
  const after = process.memoryUsage.rss()
  let most = after
  while (log.stats().journaled > 0) {
    await sleep(50)
    most = Math.max(most, process.memoryUsage.rss())
  }
  await log.close()
  console.log(
    `100,000 calls in one tick: RSS +${((after - before) / MEGABYTE).toFixed(0)} MB, +${((most - before) / MEGABYTE).toFixed(0)} MB while they are stored (at most 150)   ${JSON.stringify(log.stats())}`,
  )
}

// A worker drains calls that are already in the journal; then the same rows go into plain SQLite on a quiet machine.
async function sayDrain(): Promise<void> {
  const rates: { readonly drain: number; readonly plain: number }[] = []
  for (let round = 0; round <= ROUNDS; round += 1) {
    const calls = makeCalls(round * CALLS, CALLS)
    const log = openUsageLog(`file:${join(folder, `drain-${round}.db`)}`)
    log.write(calls[0] as Call)
    await log.flush()
    const started = performance.now()
    for (const call of calls.slice(1)) log.write(call)
    while (log.stats().journaled > 0) await sleep(1)
    const drain = CALLS / (performance.now() - started)
    await log.close()
    const plain = await openPlain(join(folder, `plain-${round}.db`))
    const rows = plain.rowsOf(calls)
    const plainStarted = performance.now()
    for (let from = 0; from < rows.length; from += BATCH) plain.write(rows.slice(from, from + BATCH))
    if (round > 0) rates.push({ drain, plain: CALLS / (performance.now() - plainStarted) })
    plain.close()
  }
  const ratio = medianOf(rates.map(({ drain, plain }) => drain / plain))
  console.log(
    `append and drain into SQLite: ${Math.round(medianOf(rates.map(({ drain }) => drain)) * 1000)} calls/s   plain node:sqlite, rows prepared in advance: ${Math.round(medianOf(rates.map(({ plain }) => plain)) * 1000)}   that is ${(ratio * 100).toFixed(0)} % (at least 70 %)`,
  )
}

// What an application sends without us: as many spans, to a server that discards them.
async function sayExporter(): Promise<void> {
  const server = createServer((request, response) => request.resume().on('end', () => response.end('{}')))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const exporter = new OTLPTraceExporter({ url: `http://127.0.0.1:${port}/v1/traces` })
  const processor = new BatchSpanProcessor(exporter, { maxQueueSize: CALLS * 2, maxExportBatchSize: BATCH })
  const call = sevenSpans(new BasicTracerProvider({ spanProcessors: [processor] }).getTracer('gen_ai'))
  const question = 'Where can I see the northern lights in March? '.repeat(10)
  const started = performance.now()
  for (let count = 0; count < CALLS; count += 3) {
    call(question) // an agent, its step and the call of a model
    if (count % 300 === 0) await sleep(0)
  }
  await processor.forceFlush()
  const rate = CALLS / (performance.now() - started)
  await processor.shutdown()
  server.closeAllConnections()
  server.close()
  console.log(`the stock OTLP exporter, to a server that discards spans: ${Math.round(rate * 1000)} spans/s`)
}

async function sayLoopDelay(): Promise<void> {
  const calls = makeCalls(0, 1_000)
  const delayOf = async (write: (call: Call) => void) => {
    const delay = monitorEventLoopDelay({ resolution: 1 })
    delay.enable()
    for (let tick = 0; tick < 300; tick += 1) {
      for (let count = 0; count < 10; count += 1) {
        write({ ...(calls[(tick * 10 + count) % 1_000] as Call), span_id: randomBytes(8).toString('hex') })
      }
      await sleep(10)
    }
    delay.disable()
    return `p50 ${(delay.percentile(50) / 1e6).toFixed(1)} ms, p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms`
  }
  const control = await delayOf(() => {})
  const log = openUsageLog(`file:${join(folder, 'loop.db')}`)
  const measured = await delayOf((call) => log.write(call))
  await log.close()
  console.log(`event loop delay at 1,000 calls/s: ${measured}   without us: ${control}`)
}
