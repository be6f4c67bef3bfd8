import { type Call, createGenerations } from '@spanledger/core'

/** The labels of calls in the metrics. */
export interface CallLabels {
  readonly model: string
  readonly provider: string
  readonly operation: string
}

/** Sums over the provider calls of one model, provider and operation. */
export interface CallSeries extends CallLabels {
  readonly calls: number
  readonly errors: number
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cacheReadTokens: number
  readonly cacheWriteTokens: number
  readonly reasoningTokens: number
  readonly costNanoUsd: number
  /** Calls in each of `DURATION_BUCKETS_S`, not cumulative. */
  readonly durations: readonly number[]
  readonly durationSumMs: number
  readonly durationCount: number
}

/** How often a tool was called. */
export interface ToolSeries {
  readonly tool: string
  readonly calls: number
  readonly errors: number
}

/** Calls that this process has stored, since its start. */
export interface CallMetrics {
  readonly calls: readonly CallSeries[]
  readonly tools: readonly ToolSeries[]
}

/** Sums up calls as they are stored. */
export interface CallMeter {
  /** Adds calls that were stored. A call that is stored again is not counted twice. */
  add(calls: readonly Call[]): void
  metrics(): CallMetrics
}

/** Upper bounds in seconds. Calls that took longer are only in the count. */
export const DURATION_BUCKETS_S: readonly number[] = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300]

/** The label of calls that would need one series too many. */
const OTHER = 'other'
const UNKNOWN = 'unknown'

// Applications that name operations or models after users must not fill the memory of this process, or of Prometheus.
const MOST_SERIES = 500
const MOST_TOOLS = 200
const MOST_LABEL_LENGTH = 120

// Redeliveries come within minutes. One generation is forgotten at a time.
const GENERATION = 25_000

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }
type OpenSeries = Mutable<Omit<CallSeries, 'durations'>> & { readonly durations: number[] }

/** Makes a meter without calls. */
export function createCallMeter(): CallMeter {
  const series = new Map<string, OpenSeries>()
  const tools = new Map<string, Mutable<ToolSeries>>()
  const known = createGenerations(GENERATION, () => new Set<string>())

  function isKnown(call: Call): boolean {
    const id = call.trace_id + call.span_id
    if (known.young.has(id) || known.old.has(id)) return true
    known.makeRoom()
    known.young.add(id)
    return false
  }

  function seriesOf(call: Call): OpenSeries {
    const labels = {
      model: labelOf(call.model ?? call.request_model),
      provider: labelOf(call.provider),
      operation: labelOf(call.operation),
    }
    const isFull = series.size >= MOST_SERIES
    const key = JSON.stringify(labels)
    const found = series.get(key)
    if (found !== undefined) return found
    if (isFull && labels.model !== OTHER) return seriesOf({ ...call, model: OTHER, provider: OTHER, operation: OTHER })
    const made = emptySeries(labels)
    series.set(key, made)
    return made
  }

  function addTool(call: Call): void {
    const name = labelOf(call.tool_name)
    const tool = tools.has(name) || tools.size < MOST_TOOLS ? name : OTHER
    const sums = tools.get(tool) ?? { tool, calls: 0, errors: 0 }
    tools.set(tool, sums)
    sums.calls += 1
    if (call.status !== 'ok') sums.errors += 1
  }

  return {
    add(calls) {
      for (const call of calls) {
        if (call.billable === 0 && call.kind !== 'tool') continue
        if (call.status === 'open' || isKnown(call)) continue
        if (call.kind === 'tool') addTool(call)
        else addCall(seriesOf(call), call)
      }
    },
    metrics: () => ({ calls: [...series.values()], tools: [...tools.values()] }),
  }
}

function labelOf(value: string | null): string {
  return value === null || value === '' ? UNKNOWN : value.slice(0, MOST_LABEL_LENGTH)
}

function emptySeries(labels: CallLabels): OpenSeries {
  return {
    ...labels,
    calls: 0,
    errors: 0,
    inputTokens: 0,
    outputTokens: 0,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    reasoningTokens: 0,
    costNanoUsd: 0,
    durations: DURATION_BUCKETS_S.map(() => 0),
    durationSumMs: 0,
    durationCount: 0,
  }
}

function addCall(sums: OpenSeries, call: Call): void {
  sums.calls += 1
  if (call.status !== 'ok') sums.errors += 1
  sums.inputTokens += call.input_tokens ?? 0
  sums.outputTokens += call.output_tokens ?? 0
  sums.cacheReadTokens += call.cache_read_tokens ?? 0
  sums.cacheWriteTokens += call.cache_write_tokens ?? 0
  sums.reasoningTokens += call.reasoning_tokens ?? 0
  sums.costNanoUsd += call.cost_nano_usd ?? 0
  const tookMs = call.duration_ms
  if (tookMs === null) return
  sums.durationCount += 1
  sums.durationSumMs += tookMs
  const bucket = DURATION_BUCKETS_S.findIndex((bound) => tookMs <= bound * 1000)
  if (bucket >= 0) sums.durations[bucket] = (sums.durations[bucket] ?? 0) + 1
}
