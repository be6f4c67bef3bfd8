import {
  type Call,
  callId,
  createContentPolicy,
  createPriceBook,
  createRedactor,
  mergeCall,
  settleTrace,
  type SpanLike,
  toCall,
  toGenAI,
  type ToGenAIOptions,
} from '@spanledger/core'
import { GenAISpanProcessor, type SpanProcessorLike, UsageSpanProcessor } from '@spanledger/otel'
import { listSink } from './ledger.ts'
import { type Combination, type Run, runScenario } from './run-scenario.ts'
import type { SharedCapture } from './shared-capture.ts'

/** One cell of the matrix, run: what went over the wire, and what each of our two ways made of the spans. */
export interface CellRun extends Combination, Run {
  /** What the processors wrote in-process, versions of one call joined, in order of their start. */
  readonly rows: readonly Call[]
  /** What the raw spans give where no process knew their trace: converted one by one, then settled. */
  readonly settledRows: readonly Call[]
  /** The spans as an exporter behind `GenAISpanProcessor` gets them. */
  readonly converted: readonly SpanLike[]
  /** The raw spans under the profile `latest`, with everything that was said. */
  readonly convertedLatest: readonly SpanLike[]
}

const redactor = createRedactor()
const content = createContentPolicy({ mode: 'preview', redactor })
const fullContent = createContentPolicy({ mode: 'full', redactor })
const prices = createPriceBook()

// In some majors there is nothing to wait for; everywhere else all spans end, however busy the machine is.
const LEAVES_SPANS_OPEN = /^stream-(unread|broken-off|abort|socket-error|error-part|retry|retries-exhausted)$/

/** Runs one cell; any number may run at the same time. */
export async function runCell(combination: Combination, shared: SharedCapture): Promise<CellRun> {
  const written: Call[] = []
  const converted: SpanLike[] = []
  const ledger = new UsageSpanProcessor(listSink(written))
  const processor = new GenAISpanProcessor([keepConverted(converted), ledger], { content, prices })
  // Earlier versions may read a stream to its end by themselves.
  const openMs = combination.sdk === undefined ? 300 : 1500
  const settleMs = LEAVES_SPANS_OPEN.test(combination.scenario.name) ? openMs : 5000
  const run = await runScenario(combination, { processors: [processor], settleMs }, shared.capture)
  return {
    ...combination,
    ...run,
    rows: inOrder(joinVersions(written), run),
    settledRows: inOrder(settleTrace(callsOf(run.spans, { content, prices })), run),
    converted,
    convertedLatest: run.spans.map((span) => toGenAI(span, { content: fullContent, prices, profile: 'latest' })),
  }
}

function keepConverted(converted: SpanLike[]): SpanProcessorLike {
  return {
    onStart: () => {},
    onEnd: (span) => void converted.push(span),
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  }
}

function callsOf(spans: readonly SpanLike[], options: ToGenAIOptions): readonly Call[] {
  return spans.flatMap((span) => toCall(toGenAI(span, options)) ?? [])
}

// A call that never seemed to end may have ended after all.
function joinVersions(written: readonly Call[]): readonly Call[] {
  const joined = new Map<string, Call>()
  for (const call of written) {
    const before = joined.get(callId(call))
    joined.set(callId(call), before === undefined ? call : mergeCall(before, call))
  }
  return [...joined.values()]
}

// Rows hold whole milliseconds; spans know better which began first.
function inOrder(rows: readonly Call[], { spans, open }: Run): readonly Call[] {
  const starts = new Map([...spans, ...open].map((span) => [span.spanContext().spanId, span.startTime] as const))
  const startOf = (row: Call): readonly [number, number] => starts.get(row.span_id) ?? [0, 0]
  return rows.toSorted((a, b) => startOf(a)[0] - startOf(b)[0] || startOf(a)[1] - startOf(b)[1])
}
