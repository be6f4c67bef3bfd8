import { toJson } from '../json/to-json.ts'
import type { HrTime, SpanEventLike, SpanLike } from './span-like.ts'

// An array behind a proxy may claim any length.
const MOST_ELEMENTS = 10_000

/**
 * Copies a span that throws when read: each member is read once, and whatever throws, has the wrong type or is named
 * `__proto__` is left out. Slow, so it is used only after reading the span itself failed.
 */
export function harmlessSpan<S extends SpanLike>(span: S): S {
  const context = attempt(() => span.spanContext())
  const status = attempt(() => span.status)
  const parentContext = objectAt(span, 'parentSpanContext')
  const scope = objectAt(span, 'instrumentationScope') ?? objectAt(span, 'instrumentationLibrary')
  const copy = {
    links: read(span, 'links'),
    duration: read(span, 'duration'),
    ended: read(span, 'ended'),
    name: textAt(span, 'name') ?? '',
    kind: numberAt(span, 'kind') ?? 0,
    spanContext: () => ({
      traceId: textAt(context, 'traceId') ?? '',
      spanId: textAt(context, 'spanId') ?? '',
      traceFlags: numberAt(context, 'traceFlags') ?? 0,
    }),
    parentSpanContext: parentContext === undefined ? undefined : { spanId: textAt(parentContext, 'spanId') ?? '' },
    parentSpanId: textAt(span, 'parentSpanId'),
    startTime: timeAt(span, 'startTime'),
    endTime: timeAt(span, 'endTime'),
    status: { code: numberAt(status, 'code') ?? 0, message: textAt(status, 'message') },
    attributes: attributesAt(span),
    events: eventsOf(span),
    resource: { attributes: attributesAt(objectAt(span, 'resource')) },
    instrumentationScope:
      scope === undefined ? undefined : { name: textAt(scope, 'name') ?? '', version: textAt(scope, 'version') },
  }
  return copy as unknown as S // has every member that a conversion or a view reads
}

function attributesAt(owner: unknown): Readonly<Record<string, unknown>> {
  const attributes = objectAt(owner, 'attributes')
  const copy: Record<string, unknown> = {}
  for (const key of attempt(() => Object.keys(attributes ?? {})) ?? []) {
    const value = key === '__proto__' ? undefined : attempt(() => plainOf(read(attributes, key)))
    if (value !== undefined) copy[key] = value
  }
  return copy
}

// Element by element, so one bad element does not discard the others.
function plainOf(value: unknown): unknown {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  if (typeof value !== 'object' || value === null) return undefined
  if (!Array.isArray(value)) return toJson(value)
  return Array.from({ length: Math.min(value.length, MOST_ELEMENTS) }, (_, index) => read(value, index)).flatMap(
    (element) => (element === undefined ? [] : [toJson(element)]),
  )
}

function eventsOf(span: unknown): SpanEventLike[] {
  const events = read(span, 'events')
  if (attempt(() => Array.isArray(events)) !== true) return []
  const length = Math.min(numberAt(events, 'length') ?? 0, MOST_ELEMENTS)
  return Array.from({ length }, (_, index) => read(events, index)).flatMap((event) => {
    const name = textAt(event, 'name')
    return name === undefined ? [] : [{ name, time: timeAt(event, 'time'), attributes: attributesAt(event) }]
  })
}

// NaN if absent: the time is then unknown.
function timeAt(owner: unknown, key: string): HrTime {
  const time = objectAt(owner, key)
  return [numberAt(time, 0) ?? Number.NaN, numberAt(time, 1) ?? Number.NaN]
}

function textAt(owner: unknown, key: string): string | undefined {
  const value = read(owner, key)
  return typeof value === 'string' ? value : undefined
}

function numberAt(owner: unknown, key: string | number): number | undefined {
  const value = read(owner, key)
  return typeof value === 'number' ? value : undefined
}

function objectAt(owner: unknown, key: string): object | undefined {
  const value = read(owner, key)
  return typeof value === 'object' && value !== null ? value : undefined
}

function read(owner: unknown, key: string | number): unknown {
  return typeof owner === 'object' && owner !== null ? attempt(() => Reflect.get(owner, key) as unknown) : undefined
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    // A trap or getter threw; its value is unknown.
    return undefined
  }
}
