import { SpanStatusCode } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base'
import type { Capture } from './capture.ts'

/** The nesting of spans by name; a star marks a span that never ended, a cross one that ended as an error. */
export function spanOutline(capture: Capture): readonly string[] {
  return inTreeOrder(capture).map(({ span, depth, ended }) => `${'  '.repeat(depth)}${markOf(span, ended)}${span.name}`)
}

/** A span with its place in the tree. */
export interface PlacedSpan {
  readonly span: ReadableSpan
  readonly depth: number
  readonly ended: boolean
}

/** All spans, parents first, siblings by start. A span whose parent was not captured is a root. */
export function inTreeOrder({ spans, open }: Capture): readonly PlacedSpan[] {
  const ended = new Set(spans)
  const all = [...spans, ...open].sort((a, b) => nanosOf(a) - nanosOf(b))
  const ids = new Set(all.map((span) => span.spanContext().spanId))
  const childrenOf = Map.groupBy(all, ({ parentSpanContext }) => {
    const parent = parentSpanContext?.spanId
    return parent !== undefined && ids.has(parent) ? parent : undefined
  })
  return place(undefined, 0)

  function place(parent: string | undefined, depth: number): PlacedSpan[] {
    return (childrenOf.get(parent) ?? []).flatMap((span) => [
      { span, depth, ended: ended.has(span) },
      ...place(span.spanContext().spanId, depth + 1),
    ])
  }
}

function markOf(span: ReadableSpan, ended: boolean): string {
  if (!ended) return '*'
  return span.status.code === SpanStatusCode.ERROR ? '✗' : ''
}

function nanosOf({ startTime: [seconds, nanos] }: ReadableSpan): number {
  return (seconds % 100_000) * 1e9 + nanos
}
