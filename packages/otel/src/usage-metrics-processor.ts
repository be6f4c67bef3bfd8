import { type Attributes, type Counter, type Histogram, metrics } from '@opentelemetry/api'
import { type Call, LEAF_KINDS, type SpanLike, toCall } from '@spanledger/core'
import { createGuard } from './guard.ts'
import type { LedgerProcessor } from './span-processor-like.ts'

/** Which metric names to use: those that instrumentations emit today, or the newest conventions. */
export interface UsageMetricsOptions {
  readonly profile?: 'compatible' | 'latest' | undefined
}

/**
 * GenAI metrics from the same calls that become rows, through OpenTelemetry's Metrics API: tokens, durations, time to
 * first chunk, cost. For use inside a `GenAISpanProcessor`. Each call counts once, sampled or not. Agents and wrappers
 * repeat the tokens of their calls, so they count only as durations, except for a run that stands for unrecorded calls.
 * Without a meter provider nothing is recorded.
 */
export class UsageMetricsProcessor implements LedgerProcessor {
  readonly #guard = createGuard()
  readonly #createRecorder: () => (call: Call) => void
  #record: ((call: Call) => void) | undefined

  constructor(options: UsageMetricsOptions = {}) {
    this.#createRecorder = options.profile === 'latest' ? createLatestRecorder : createCompatibleRecorder
  }

  takeConverted(): void {}

  onStart(): void {}

  onEnd(span: SpanLike): void {
    this.#guard.run('recording metrics', () => {
      const call = toCall(span)
      if (call === undefined) return
      // Created with the first call: instruments created before a meter provider is registered never record anything.
      this.#record ??= this.#createRecorder()
      this.#record(call)
    })
  }

  onNeverEnded(): void {}

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}
}

const SECOND = 1_000
const NANO = 1_000_000_000

// Bucket boundaries of the GenAI conventions.
const TOKEN_BUCKETS = [
  1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864,
]
const SECOND_BUCKETS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92]

function createCompatibleRecorder(): (call: Call) => void {
  const tokens = histogramOf('gen_ai.client.token.usage', '{token}', TOKEN_BUCKETS)
  const duration = seconds('gen_ai.client.operation.duration')
  const firstChunk = seconds('gen_ai.client.operation.time_to_first_chunk')
  const others = createOtherRecorder()
  return (call) => {
    others(call)
    const attributes = attributesOf(call)
    if (LEAF_KINDS.has(call.kind)) {
      record(duration, call.duration_ms, withError(call, attributes))
      record(firstChunk, call.time_to_first_token_ms, attributes)
    }
    if (call.billable === 0) return
    if (call.input_tokens !== null) tokens.record(call.input_tokens, { ...attributes, 'gen_ai.token.type': 'input' })
    if (call.output_tokens !== null) tokens.record(call.output_tokens, { ...attributes, 'gen_ai.token.type': 'output' })
  }
}

function createLatestRecorder(): (call: Call) => void {
  const duration = seconds('gen_ai.client.inference.duration')
  const other = seconds('gen_ai.client.operation.duration')
  const firstChunk = seconds('gen_ai.client.inference.time_to_first_chunk')
  const counters = TOKEN_COUNTERS.map(([column, name]) => [column, tokenCounter(name)] as const)
  const others = createOtherRecorder()
  return (call) => {
    others(call)
    const attributes = attributesOf(call)
    if (LEAF_KINDS.has(call.kind)) {
      record(call.kind === 'model' ? duration : other, call.duration_ms, withError(call, attributes))
      record(firstChunk, call.time_to_first_token_ms, attributes)
    }
    if (call.billable === 0) return
    for (const [column, counter] of counters) {
      const count = call[column]
      if (count !== null) counter.add(count, { ...attributes, 'gen_ai.token.modality': 'unknown' })
    }
  }
}

const TOKEN_COUNTERS = [
  ['input_tokens', 'input_tokens'],
  ['output_tokens', 'output_tokens'],
  ['cache_read_tokens', 'cache_read.input_tokens'],
  ['cache_write_tokens', 'cache_write.input_tokens'],
  ['reasoning_tokens', 'reasoning.output_tokens'],
] as const

// Metrics with the same name in both profiles. The conventions have no name for cost yet.
function createOtherRecorder(): (call: Call) => void {
  const cost = meter().createCounter('spanledger.client.cost', { unit: 'USD', description: 'Cost of provider calls' })
  const tool = seconds('gen_ai.execute_tool.duration')
  const agent = seconds('gen_ai.invoke_agent.duration')
  return (call) => {
    if (call.kind === 'tool') {
      record(
        tool,
        call.duration_ms,
        withError(call, call.tool_name === null ? {} : { 'gen_ai.tool.name': call.tool_name }),
      )
    }
    if (call.kind === 'run') record(agent, call.duration_ms, withError(call, {}))
    if (call.billable === 1 && call.cost_nano_usd !== null) cost.add(call.cost_nano_usd / NANO, attributesOf(call))
  }
}

function record(histogram: Histogram, ms: number | null, attributes: Attributes): void {
  if (ms !== null) histogram.record(ms / SECOND, attributes)
}

function attributesOf(call: Call): Attributes {
  return {
    'gen_ai.operation.name': call.call_type?.toLowerCase() ?? 'chat',
    'gen_ai.provider.name': call.provider ?? 'unknown',
    ...(call.request_model === null ? {} : { 'gen_ai.request.model': call.request_model }),
    ...(call.model === null || call.model === call.request_model ? {} : { 'gen_ai.response.model': call.model }),
  }
}

function withError(call: Call, attributes: Attributes): Attributes {
  return call.error_type === null ? attributes : { ...attributes, 'error.type': call.error_type }
}

function seconds(name: string): Histogram {
  return histogramOf(name, 's', SECOND_BUCKETS)
}

function histogramOf(name: string, unit: string, explicitBucketBoundaries: number[]): Histogram {
  return meter().createHistogram(name, { unit, advice: { explicitBucketBoundaries } })
}

function tokenCounter(name: string): Counter {
  return meter().createCounter(`gen_ai.client.inference.usage.${name}`, { unit: '{token}' })
}

function meter() {
  return metrics.getMeter('spanledger')
}
