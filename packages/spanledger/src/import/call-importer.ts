import {
  type Call,
  callId,
  isOtlpTraceRequest,
  parseCall,
  settleTrace,
  type SpanLike,
  spansOfOtlpJson,
  toCall,
  toGenAI,
  type ToGenAIOptions,
} from '@spanledger/core'
import { type Store, WRITE_BATCH_SIZE } from '@spanledger/store'
import { sentenceOf } from '../cli/error.ts'
import { countOf } from '../cli/text/numbers.ts'
import type { ImportTally } from './import-tally.ts'
import { createTraceBuffer } from './trace-buffer.ts'

/** Converts JSON values to calls and stores them. */
export interface CallImporter {
  /** Adds an OTLP request, a call, or a list of them; `where` is the location for problems. Rejects if the store fails. */
  add(value: unknown, where: string): Promise<void>
  /** Stores the calls that still wait. */
  finish(): Promise<void>
}

export interface CallImporterOptions {
  readonly store: Pick<Store, 'write'>
  /** How spans become calls. */
  readonly convert: ToGenAIOptions
  readonly tally: ImportTally
  /** Called for everything that is not imported. */
  readonly onProblem: (where: string, problem: string) => void
}

/** How many calls wait in memory for the rest of their traces; beyond that, the quietest traces are stored. */
export const MAX_WAITING = 50_000

export function createCallImporter({ store, convert, tally, onProblem }: CallImporterOptions): CallImporter {
  const traces = createTraceBuffer()
  let lines: Call[] = []

  async function write(calls: readonly Call[], settle: typeof settleTrace | undefined): Promise<void> {
    for (let start = 0; start < calls.length; start += WRITE_BATCH_SIZE) {
      const result = await store.write(calls.slice(start, start + WRITE_BATCH_SIZE), { settle })
      tally.stored += result.stored
      tally.deduplicated += result.deduplicated
      tally.rejected += result.rejected.length
      for (const { call, reason } of result.rejected) onProblem(`call ${callId(call)}`, reason)
    }
  }

  async function writeTraces(left: number): Promise<void> {
    await write(settleTrace(traces.take(left)), settleTrace)
  }

  // Lines were settled before they were exported.
  async function writeLines(): Promise<void> {
    const calls = lines
    lines = []
    await write(calls, undefined)
  }

  function callOf(span: SpanLike, where: string): Call | undefined {
    try {
      const call = toCall(toGenAI(span, convert))
      if (call === undefined) tally.otherSpans += 1
      else if (call.kind === 'step') tally.steps += 1
      return call
    } catch (error) {
      tally.rejected += 1
      onProblem(where, `a span could not be converted: ${sentenceOf(error)}`)
      return undefined
    }
  }

  async function addRequest(request: unknown, where: string): Promise<void> {
    const { spans, rejected, reasons } = spansOfOtlpJson(request)
    tally.spans += spans.length + rejected
    tally.rejected += rejected
    for (const [reason, count] of Object.entries(reasons))
      onProblem(where, `${countOf(count, 'span')} left out: ${reason}`)
    for (const span of spans) {
      const call = callOf(span, where)
      if (call !== undefined) traces.add(call)
    }
    if (traces.size > MAX_WAITING) await writeTraces(MAX_WAITING / 2)
  }

  async function addCall(value: unknown, where: string): Promise<void> {
    tally.callLines += 1
    try {
      lines.push(parseCall(value))
    } catch (error) {
      tally.rejected += 1
      return onProblem(where, sentenceOf(error))
    }
    if (lines.length >= WRITE_BATCH_SIZE) await writeLines()
  }

  async function addOne(value: unknown, where: string): Promise<void> {
    if (isOtlpTraceRequest(value)) return addRequest(value, where)
    if (has(value, 'trace_id')) return addCall(value, where)
    if (has(value, 'resourceLogs') || has(value, 'resourceMetrics')) tally.otherRequests += 1
    else onProblem(where, 'must be OTLP spans ("resourceSpans") or a call line ("trace_id")')
  }

  return {
    async add(value, where) {
      if (!Array.isArray(value)) return addOne(value, where)
      for (const [index, item] of value.entries()) await addOne(item, `${where}, element ${index + 1}`)
    },
    async finish() {
      await writeLines()
      await writeTraces(0)
    },
  }
}

function has(value: unknown, key: string): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
}
