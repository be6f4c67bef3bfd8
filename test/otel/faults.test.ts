import { metrics } from '@opentelemetry/api'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import type { SpanLike, UsageSink } from '@spanledger/core'
import {
  GenAISpanProcessor,
  httpSink,
  type SpanProcessorLike,
  UsageLogExporter,
  UsageSpanProcessor,
} from '@spanledger/otel'
import { afterEach, describe, expect, test } from 'vitest'

afterEach(() => metrics.disable())

const FAILING: SpanProcessorLike = {
  onStart() {},
  onEnd() {
    throw new Error('no room')
  },
  forceFlush: async () => {},
  shutdown: async () => {},
}

test('a fault is counted by its site, also when the meter provider is registered after the processor was made', async () => {
  const tracer = new BasicTracerProvider({ spanProcessors: [new GenAISpanProcessor(FAILING)] }).getTracer('app')
  tracer.startSpan('before any meter provider').end()
  const { provider, faults } = startMetrics()
  tracer.startSpan('first').end()
  tracer.startSpan('second').end()
  await provider.forceFlush()
  expect(faults()).toEqual([{ attributes: { site: 'onEnd of a span processor' }, value: 2 }])
  await provider.shutdown()
})

function startMetrics() {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
  const provider = new MeterProvider({ readers: [reader] })
  metrics.setGlobalMeterProvider(provider)
  const faults = () =>
    exporter
      .getMetrics()
      .flatMap((resource) => resource.scopeMetrics)
      .flatMap((scope) => scope.metrics)
      .filter((metric) => metric.descriptor.name === 'spanledger.faults')
      .flatMap((metric) => metric.dataPoints.map(({ attributes, value }) => ({ attributes, value })))
  return { provider, faults }
}

const explode = (): never => {
  throw new Error('hostile')
}

// A model call as an instrumentation in current conventions writes it.
const CALL = { attributes: { 'gen_ai.operation.name': 'chat' } }

function makeCall(processor: SpanProcessorLike): void {
  new BasicTracerProvider({ spanProcessors: [processor] }).getTracer('app').startSpan('chat', CALL).end()
}

describe('an error that loses a call before it is counted', () => {
  const sinkWith = (differences: Partial<UsageSink>): UsageSink => ({
    ...httpSink('http://127.0.0.1:9'),
    ...differences,
  })

  test.each([
    ['in a processor around others', (sink: UsageSink) => new GenAISpanProcessor(new UsageSpanProcessor(sink))],
    ['in the ledger alone', (sink: UsageSink) => new UsageSpanProcessor(sink)],
  ])('%s is a fault in stats()', (_, processorOf) => {
    const sink = sinkWith({})
    const processor = processorOf(sink)
    makeCall({
      ...FAILING,
      onStart: () => {},
      onEnd: (span) => processor.onEnd(Object.create(span, { spanContext: { value: explode } }) as SpanLike),
    })
    expect(sink.stats()).toMatchObject({ generated: 0 })
    expect(sink.stats().faults).toBeGreaterThan(0)
  })

  test('in a sink is a fault in stats(), for a processor and for an exporter', () => {
    const sink = sinkWith({ write: explode, leaveOut: explode })
    makeCall(new SimpleSpanProcessor(new UsageLogExporter(sink)))
    expect(sink.stats()).toMatchObject({ generated: 0, faults: 1 })
    makeCall(new UsageSpanProcessor(sink))
    // Writing it, and counting that it was left out.
    expect(sink.stats()).toMatchObject({ generated: 0, faults: 3 })
  })

  test('reaches neither the application nor the next processor, even if counting it fails', () => {
    const spans: SpanLike[] = []
    const ledger = new UsageSpanProcessor(sinkWith({ write: explode, leaveOut: explode, fault: explode }))
    makeCall(new GenAISpanProcessor([ledger, { ...FAILING, onEnd: (span) => void spans.push(span) }]))
    expect(spans).toHaveLength(1)
  })

  test('is not there without an error', () => {
    const sink = sinkWith({})
    makeCall(new UsageSpanProcessor(sink))
    expect(sink.stats()).toMatchObject({ generated: 1 })
    expect(sink.stats()).not.toHaveProperty('faults')
  })
})
