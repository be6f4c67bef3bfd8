import type { IngestSnapshot } from '../ingest/ingest.ts'
import { type CallSeries, DURATION_BUCKETS_S } from '../ingest/call-meter.ts'

/** Metrics of the server process. */
export interface ServerFigures {
  readonly inFlightBytes: number
  readonly residentBytes: number
  readonly cpuSeconds: number
  readonly startedAt: number
}

type Labels = Readonly<Record<string, string>>
type Sample = readonly [labels: Labels, value: number]

const TOKEN_TYPES = [
  ['input', 'inputTokens'],
  ['output', 'outputTokens'],
  ['cache_read', 'cacheReadTokens'],
  ['cache_write', 'cacheWriteTokens'],
  ['reasoning', 'reasoningTokens'],
] as const

/** The content type of `metricsText`. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/** Returns the text that Prometheus reads. Counters count what this process has stored since its start. */
export function metricsText({ stats, calls: { calls, tools } }: IngestSnapshot, figures: ServerFigures): string {
  const perSeries = (value: (series: CallSeries) => number): Sample[] =>
    calls.map((series) => [labelsOf(series), value(series)])
  return [
    counter(
      'spanledger_calls_total',
      'Provider calls.',
      perSeries((series) => series.calls),
    ),
    counter(
      'spanledger_call_errors_total',
      'Provider calls that failed.',
      perSeries((series) => series.errors),
    ),
    counter(
      'spanledger_cost_usd_total',
      'Known cost of provider calls.',
      perSeries((series) => series.costNanoUsd / 1e9),
    ),
    counter(
      'spanledger_tokens_total',
      'Tokens; input includes cache_read and cache_write, output includes reasoning.',
      calls.flatMap((series) => TOKEN_TYPES.map(([type, key]): Sample => [{ ...labelsOf(series), type }, series[key]])),
    ),
    histogram(calls),
    counter(
      'spanledger_tool_calls_total',
      'Tool calls.',
      tools.map(({ tool, calls }) => [{ tool }, calls]),
    ),
    counter(
      'spanledger_tool_errors_total',
      'Tool calls that failed.',
      tools.map(({ tool, errors }) => [{ tool }, errors]),
    ),
    counter('spanledger_ingest_received_total', 'Spans and call lines received.', [[{}, stats.received]]),
    counter('spanledger_ingest_not_ai_total', 'Spans that are not AI calls.', [[{}, stats.notAI]]),
    counter('spanledger_ingest_steps_total', 'Spans of steps, which are not stored as calls.', [[{}, stats.steps]]),
    counter('spanledger_ingest_stored_total', 'New calls.', [[{}, stats.stored]]),
    counter('spanledger_ingest_deduplicated_total', 'Calls that were already stored.', [[{}, stats.deduplicated]]),
    counter(
      'spanledger_ingest_rejected_total',
      'Spans and call lines that were not stored.',
      Object.entries(stats.rejected).map(([reason, count]) => [{ reason }, count]),
    ),
    counter('spanledger_ingest_root_fallbacks_total', 'Runs billed in place of lost provider calls.', [
      [{}, stats.rootFallbacks],
    ]),
    gauge('spanledger_ingest_waiting', 'Calls waiting for the database.', [[{}, stats.waiting]]),
    gauge('spanledger_ingest_in_flight_bytes', 'Bytes of requests in progress.', [[{}, figures.inFlightBytes]]),
    gauge(
      'spanledger_ingest_lag_seconds',
      'Delay of the last write: from the end of its newest call until the call was stored.',
      stats.lagMs === null ? [] : [[{}, stats.lagMs / 1000]],
    ),
    gauge('process_resident_memory_bytes', 'Resident memory of this process.', [[{}, figures.residentBytes]]),
    counter('process_cpu_seconds_total', 'CPU time of this process.', [[{}, figures.cpuSeconds]]),
    gauge('process_start_time_seconds', 'Start time of this process, in seconds since the Unix epoch.', [
      [{}, figures.startedAt / 1000],
    ]),
  ].join('')
}

function labelsOf({ model, provider, operation }: CallSeries): Labels {
  return { model, provider, operation }
}

function counter(name: string, help: string, samples: readonly Sample[]): string {
  return family({ name, help, type: 'counter' }, samples)
}

function gauge(name: string, help: string, samples: readonly Sample[]): string {
  return family({ name, help, type: 'gauge' }, samples)
}

interface Family {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram'
}

function family({ name, help, type }: Family, samples: readonly Sample[]): string {
  return header({ name, help, type }) + samples.map(([labels, value]) => line(name, labels, value)).join('')
}

function header({ name, help, type }: Family): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`
}

function histogram(calls: readonly CallSeries[]): string {
  const name = 'spanledger_call_duration_seconds'
  const lines = calls.flatMap((series) => {
    const labels = labelsOf(series)
    let total = 0
    const buckets = DURATION_BUCKETS_S.map((bound, index) => {
      total += series.durations[index] ?? 0
      return line(`${name}_bucket`, { ...labels, le: String(bound) }, total)
    })
    return [
      ...buckets,
      line(`${name}_bucket`, { ...labels, le: '+Inf' }, series.durationCount),
      line(`${name}_sum`, labels, series.durationSumMs / 1000),
      line(`${name}_count`, labels, series.durationCount),
    ]
  })
  return header({ name, help: 'Duration of provider calls.', type: 'histogram' }) + lines.join('')
}

function line(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`)
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}\n`
}

function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll('\\', '\\\\')
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`)
}
