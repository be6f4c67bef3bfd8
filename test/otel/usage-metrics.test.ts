import { metrics } from '@opentelemetry/api'
import {
  AggregationTemporality,
  type DataPoint,
  type Histogram,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base'
import { GenAISpanProcessor, UsageMetricsProcessor } from '@spanledger/otel'
import { afterEach, describe, expect, test } from 'vitest'
import { runScenario } from '../conformance/run-scenario.ts'
import { scenarioNamed } from '../conformance/scenarios.ts'
import type { ProviderCall } from '../provider-server/index.ts'

afterEach(() => metrics.disable())

type Profile = 'compatible' | 'latest'

/** What work under the metrics of a profile recorded, by name. */
async function recordedBy(profile: Profile, work: (processor: GenAISpanProcessor) => Promise<unknown>) {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
  const provider = new MeterProvider({ readers: [reader] })
  metrics.setGlobalMeterProvider(provider)
  await work(new GenAISpanProcessor([new UsageMetricsProcessor({ profile })]))
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
  return { names: [...found.keys()].sort(), points, sums }
}

/** Runs a multi-step call of AI SDK 7. */
async function metricsOf(profile: Profile) {
  const tools = { scenario: scenarioNamed('tools'), variant: '7-optin', provider: 'openai' } as const
  let calls: readonly ProviderCall[] = []
  const recorded = await recordedBy(profile, async (processor) => {
    calls = (await runScenario(tools, { processors: [processor] })).calls
  })
  return { ...recorded, calls }
}

/** An agent whose model calls were lost: 1,000 tokens in and 200 out, priced by the list. */
function metricsOfLostCalls(profile: Profile) {
  return recordedBy(profile, async (processor) => {
    const tracer = new BasicTracerProvider({ spanProcessors: [processor] }).getTracer('foreign')
    const attributes = {
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-5',
      'gen_ai.usage.input_tokens': 1_000,
      'gen_ai.usage.output_tokens': 200,
    }
    tracer.startSpan('invoke_agent', { attributes }).end()
  })
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

  test('counts what a run used whose model calls nobody saw, and its time as that of an agent', async () => {
    const { names, points, sums } = await metricsOfLostCalls('compatible')
    expect(names).toEqual(['gen_ai.client.token.usage', 'gen_ai.invoke_agent.duration', 'spanledger.client.cost'])
    const counted = points('gen_ai.client.token.usage').map(({ attributes, value }) => [
      attributes['gen_ai.token.type'],
      value.sum,
    ])
    expect(counted).toEqual([
      ['input', 1_000],
      ['output', 200],
    ])
    expect(sums('spanledger.client.cost')).toHaveLength(1)
  })

  test('counts it under the latest profile too', async () => {
    const { sums } = await metricsOfLostCalls('latest')
    const sumOf = (name: string) => sums(`gen_ai.client.inference.usage.${name}`).map(({ value }) => value)
    expect([sumOf('input_tokens'), sumOf('output_tokens')]).toEqual([[1_000], [200]])
  })
})
