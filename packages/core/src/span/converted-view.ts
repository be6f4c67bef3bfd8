import type { SpanLike } from './span-like.ts'

/** The members of a span that conversion changes. */
export interface SpanChanges {
  readonly name: string
  readonly kind: number
  readonly attributes: Readonly<Record<string, unknown>>
  readonly status: SpanLike['status']
  readonly events: SpanLike['events']
}

/** Every member of OpenTelemetry's `ReadableSpan` in SDK 1, 2 and 3; a span may lack some. */
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
 * Copies a span with changes; the span itself is not modified. The copy is a plain object with own members, so
 * exporters may spread it, and always has the same shape, so reading it is fast.
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
    // SDK 1 keeps the scope here.
    instrumentationLibrary: from.instrumentationLibrary ?? from.instrumentationScope,
    droppedAttributesCount: from.droppedAttributesCount ?? 0,
    droppedEventsCount: from.droppedEventsCount ?? 0,
    droppedLinksCount: from.droppedLinksCount ?? 0,
  }
  return view as unknown as S // has every member that readers of ended spans use
}
