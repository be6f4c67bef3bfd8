import { metrics } from '@opentelemetry/api'
import {
  AggregationTemporality,
  type DataPoint,
  type Histogram,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { GenAISpanProcessor, UsageMetricsProcessor } from '@spanledger/otel'
import { afterEach, describe, expect, test } from 'vitest'
import { runScenario } from '../conformance/run-scenario.ts'
import { scenarioNamed } from '../conformance/scenarios.ts'

afterEach(() => metrics.disable())

/** Runs a multi-step call of AI SDK 7 with the metrics of a profile; gives them by name. */
async function metricsOf(profile: 'compatible' | 'latest') {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
  const provider = new MeterProvider({ readers: [reader] })
  metrics.setGlobalMeterProvider(provider)
  const processor = new GenAISpanProcessor([new UsageMetricsProcessor({ profile })])
  const run = await runScenario(
    { scenario: scenarioNamed('tools'), variant: '7-optin', provider: 'openai' },
    { processors: [processor] },
  )
  await provider.forceFlush()
  const found = new Map(
    exporter
      .getMetrics()
      .flatMap((resource) => resource.scopeMetrics)
      .flatMap((scope) => scope.metrics)
      .map((metric) => [metric.descriptor.name, metric]),
  )
  await provider.shutdown()
  const points = (name: string) => (found.get(name)?.dataPoints ?? []) as DataPoint<Histogram>[]
  const sums = (name: string) => (found.get(name)?.dataPoints ?? []) as DataPoint<number>[]
  return { names: [...found.keys()].sort(), points, sums, calls: run.calls }
}

describe('UsageMetricsProcessor', () => {
  test('counts the tokens of every provider call once', async () => {
    const { points, calls } = await metricsOf('compatible')
    const billed = calls.map((call) => call.billed)
    const sumOf = (type: string) =>
      points('gen_ai.client.token.usage').find((point) => point.attributes['gen_ai.token.type'] === type)?.value.sum
    expect(calls).toHaveLength(3)
    expect(sumOf('input')).toBe(billed.reduce((sum, usage) => sum + (usage?.inputTokens ?? 0), 0))
    expect(sumOf('output')).toBe(billed.reduce((sum, usage) => sum + (usage?.outputTokens ?? 0), 0))
  })

  test('measures each provider call, tool and agent', async () => {
    const { points, calls } = await metricsOf('compatible')
    const countOf = (name: string) => points(name).reduce((sum, point) => sum + point.value.count, 0)
    expect(countOf('gen_ai.client.operation.duration')).toBe(calls.length)
    expect(countOf('gen_ai.execute_tool.duration')).toBe(2)
    expect(countOf('gen_ai.invoke_agent.duration')).toBe(1)
    expect(points('gen_ai.client.operation.duration')[0]?.attributes).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4.1-mini',
      'gen_ai.response.model': 'gpt-4.1-mini-2025-04-14',
    })
  })

  test('under the latest profile the names are the newest', async () => {
    const { names, sums, calls } = await metricsOf('latest')
    expect(names).toEqual([
      'gen_ai.client.inference.duration',
      'gen_ai.client.inference.usage.cache_read.input_tokens',
      'gen_ai.client.inference.usage.input_tokens',
      'gen_ai.client.inference.usage.output_tokens',
      'gen_ai.client.inference.usage.reasoning.output_tokens',
      'gen_ai.execute_tool.duration',
      'gen_ai.invoke_agent.duration',
      'spanledger.client.cost',
    ])
    expect(sums('gen_ai.client.inference.usage.cache_read.input_tokens').map((point) => point.value)).toEqual([
      calls.reduce((sum, call) => sum + (call.billed?.cacheReadTokens ?? 0), 0),
    ])
  })
})
