import { metrics } from '@opentelemetry/api'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base'
import { GenAISpanProcessor, type SpanProcessorLike } from '@spanledger/otel'
import { afterEach, expect, test } from 'vitest'

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
