import type { SpanLike } from './span-like.ts'

/** What conversion changes about a span. */
export interface SpanChanges {
  readonly name: string
  readonly kind: number
  readonly attributes: Readonly<Record<string, unknown>>
  readonly status: SpanLike['status']
  readonly events: SpanLike['events']
}

/** Everything that OpenTelemetry's `ReadableSpan` has in SDK 1, 2 and 3, whatever of it a span has. */
type ReadableSpanLike = SpanLike & {
  readonly links?: unknown
  readonly duration?: unknown
  readonly ended?: unknown
  readonly droppedAttributesCount?: unknown
  readonly droppedEventsCount?: unknown
  readonly droppedLinksCount?: unknown
  readonly instrumentationLibrary?: unknown
}

/**
 * A copy of a span with changes; the span stays as it is. A plain object with every member of its own, so that
 * exporters may spread it, and of one shape, so that reading it is fast.
 */
export function convertedView<S extends SpanLike>(span: S, changes: SpanChanges): S {
  const from: ReadableSpanLike = span
  const context = span.spanContext()
  const view = {
    name: changes.name,
    kind: changes.kind,
    spanContext: () => context,
    parentSpanContext: from.parentSpanContext,
    parentSpanId: from.parentSpanId ?? from.parentSpanContext?.spanId,
    startTime: from.startTime,
    endTime: from.endTime,
    status: changes.status,
    attributes: changes.attributes,
    links: from.links ?? [],
    events: changes.events,
    duration: from.duration,
    ended: from.ended,
    resource: from.resource,
    instrumentationScope: from.instrumentationScope,
    // Where SDK 1 keeps the scope.
    instrumentationLibrary: from.instrumentationLibrary ?? from.instrumentationScope,
    droppedAttributesCount: from.droppedAttributesCount ?? 0,
    droppedEventsCount: from.droppedEventsCount ?? 0,
    droppedLinksCount: from.droppedLinksCount ?? 0,
  }
  return view as unknown as S // it has every member that readers of ended spans know
}
