import { type Call, type CountsByReason, createOtlpSpanList, toCallOfSpan, type ToGenAIOptions } from '@spanledger/core'
import { readInto, type SpanFormat } from '../otlp/read-spans.ts'

/** The spans of a request, sorted by what they are. */
export interface ConvertedSpans {
  readonly calls: readonly Call[]
  readonly steps: readonly Call[]
  /** Spans that are not AI calls. */
  readonly notAI: number
  /** Spans that could not be read, or were above the limit. */
  readonly rejected: number
  readonly reasons: CountsByReason
}

export interface ConvertSpansOptions {
  readonly maxSpans: number
  readonly convert: ToGenAIOptions
}

/**
 * Turns the spans of a body, raw or converted, into calls. Each span is read, converted and forgotten before the next one
 * is read: a span takes several times the memory of its call. Throws a `MalformedBody`.
 */
export function convertSpans(body: Buffer, format: SpanFormat, options: ConvertSpansOptions): ConvertedSpans {
  const calls: Call[] = []
  const steps: Call[] = []
  let notAI = 0
  const list = createOtlpSpanList(options.maxSpans, (span) => {
    const call = toCallOfSpan(span, options.convert)
    if (call === undefined) notAI += 1
    else if (call.kind === 'step') steps.push(call)
    else calls.push(call)
  })
  readInto(list, body, format)
  const { rejected, reasons } = list.result()
  return { calls, steps, notAI, rejected, reasons }
}
