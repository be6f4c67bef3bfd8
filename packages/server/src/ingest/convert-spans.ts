import { type Call, type SpanLike, toCall, toGenAI, type ToGenAIOptions } from '@spanledger/core'

/** What spans of a request are. */
export interface ConvertedSpans {
  readonly calls: readonly Call[]
  readonly steps: readonly Call[]
  /** Spans of something other than AI calls. */
  readonly notAI: number
}

/** Turns spans, raw or converted, into calls. */
export function convertSpans(spans: readonly SpanLike[], options: ToGenAIOptions): ConvertedSpans {
  const calls: Call[] = []
  const steps: Call[] = []
  let notAI = 0
  for (const span of spans) {
    const call = toCall(toGenAI(span, options))
    if (call === undefined) notAI += 1
    else if (call.kind === 'step') steps.push(call)
    else calls.push(call)
  }
  return { calls, steps, notAI }
}
