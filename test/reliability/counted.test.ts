import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { metrics, type Tracer } from '@opentelemetry/api'
import {
  AggregationTemporality,
  type DataPoint,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base'
import type { Call, UsageSink, UsageSinkStats } from '@spanledger/core'
import { GenAISpanProcessor, openUsageLog, UsageSpanProcessor } from 'spanledger'
import { afterEach, expect, test } from 'vitest'
import { countOf } from './accounting.ts'
import { endCall, startCall } from './apps/pipeline.ts'
import { versionOf } from './apps/versions.ts'
import { LIMIT, sayFigure, until } from './form.ts'
import { sqliteLedger, storedIds } from './ledgers.ts'
import { newFolder } from './start-app.ts'

const MAX_JOURNAL_BYTES = 400_000

afterEach(() => metrics.disable())

/** A meter provider of an application, read as a backend would. */
function startMeters() {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
  const provider = new MeterProvider({ readers: [reader] })
  metrics.setGlobalMeterProvider(provider)
  const read = async () => {
    exporter.reset()
    await provider.forceFlush()
    const found = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
    return (name: string) =>
      (found.find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? []) as DataPoint<number>[]
  }
  return {
    shutdown: () => provider.shutdown(),
    bytes: async () => (await read())('spanledger.journal.bytes')[0]?.value ?? Infinity,
    /** What the metrics say, in the words of `stats()`. */
    async stats() {
      const pointsOf = await read()
      const calls = pointsOf('spanledger.calls')
      const sum = (outcome: string) =>
        calls.filter(({ attributes }) => attributes['outcome'] === outcome).reduce((all, { value }) => all + value, 0)
      const byReason = (outcome: string) =>
        Object.fromEntries(
          calls
            .filter(({ attributes }) => attributes['outcome'] === outcome)
            .map(({ attributes, value }) => [attributes['reason'], value]),
        )
      const journaled = pointsOf('spanledger.journal.calls')[0]?.value
      const [stored, deduplicated] = [sum('stored'), sum('deduplicated')]
      const faults = pointsOf('spanledger.faults').reduce((all, { value }) => all + value, 0)
      const counts = { stored, deduplicated, rejected: byReason('rejected'), dropped: byReason('dropped'), journaled }
      return faults === 0 ? counts : { ...counts, faults }
    },
  }
}

/** A sink of an application around ours, which fails when it is told to. */
function fragile(log: UsageSink) {
  let isBroken = false
  const sink: UsageSink = {
    ...log,
    write(call: Call) {
      if (isBroken) throw new Error('broken')
      log.write(call)
    },
  }
  return { sink, breakIt: () => (isBroken = true) }
}

function makeCalls(tracer: Tracer, count: number): void {
  for (let made = 0; made < count; made += 1) {
    endCall(startCall(tracer))
    // Nobody's call.
    tracer.startSpan('GET /').end()
  }
}

/** Asserts that nothing is unaccounted for, and gives the rest. */
function accounted({ generated, ...rest }: UsageSinkStats) {
  expect(rest.stored + rest.deduplicated + countOf(rest.rejected) + countOf(rest.dropped) + rest.journaled).toBe(
    generated,
  )
  return rest
}

test(
  'R6 the outcome of each call is the same in stats(), in the metrics and in the database, also while the breaker is open',
  LIMIT,
  async () => {
    const meters = startMeters()
    const warnings: string[] = []
    const onWarning = ({ message }: Error) => void warnings.push(message)
    process.on('warning', onWarning)
    const ledger = sqliteLedger(newFolder())
    const log = openUsageLog(ledger.url, { maxJournalBytes: MAX_JOURNAL_BYTES })
    const { sink, breakIt } = fragile(log)
    const processor = new GenAISpanProcessor([new UsageSpanProcessor(sink)])
    const tracer = new BasicTracerProvider({ spanProcessors: [processor] }).getTracer('app')
    // While somebody else holds the database, the journal fills up.
    const other = new DatabaseSync(join(ledger.folder, 'usage.db'))
    other.exec('begin exclusive; create table theirs (id integer)')
    makeCalls(tracer, 1_000)
    const waiting = accounted(log.stats())
    expect(waiting.journaled).toBeGreaterThan(0)
    expect(await meters.stats()).toEqual(waiting)
    other.close()
    await until(() => log.stats().journaled === 0)
    await until(async () => (await meters.bytes()) < MAX_JOURNAL_BYTES / 2)
    for (let index = 0; index < 20; index += 1) {
      log.write(versionOf(index % 15, true))
      log.write({ ...versionOf(index + 100, true), kind: 'step' })
    }
    await log.flush()
    breakIt()
    makeCalls(tracer, 250)
    const open = accounted(log.stats())
    expect(open).toMatchObject({ deduplicated: 5, journaled: 0 })
    expect(countOf(open.rejected)).toBe(20)
    expect(open.dropped).toMatchObject({
      write_failed: 100,
      circuit_open: 150,
      journal_full: waiting.dropped['journal_full'],
    })
    expect(await meters.stats()).toEqual(open)
    expect(await storedIds(ledger)).toHaveLength(open.stored)
    await processor.shutdown()
    log.write(versionOf(1_000, true))
    const closed = accounted(log.stats())
    expect(closed.dropped).toMatchObject({ closed: 1 })
    expect(await meters.stats()).toEqual(closed)
    await meters.shutdown()
    process.off('warning', onWarning)
    sayFigure('R6 counted', {
      generated: log.stats().generated,
      stored: closed.stored,
      deduplicated: closed.deduplicated,
      rejected: JSON.stringify(closed.rejected),
      dropped: JSON.stringify(closed.dropped),
    })
    const said = warnings.filter((message) => message.includes('a call was not recorded'))
    // One line a reason, however many calls.
    expect(said.filter((message) => message.includes('left out'))).toHaveLength(2)
    expect(said.filter((message) => message.includes('the journal holds'))).toHaveLength(1)
  },
)

test('R6 a meter provider that throws costs no call', LIMIT, async () => {
  metrics.setGlobalMeterProvider({
    getMeter() {
      throw new Error('hostile')
    },
  })
  const ledger = sqliteLedger(newFolder())
  const log = openUsageLog(ledger.url)
  for (let index = 0; index < 10; index += 1) log.write(versionOf(index, true))
  await log.close()
  expect(log.stats()).toMatchObject({ generated: 10, stored: 10 })
  expect(await storedIds(ledger)).toHaveLength(10)
})
