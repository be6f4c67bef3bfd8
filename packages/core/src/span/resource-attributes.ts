import type { Attributes } from '../json/attribute-values.ts'
import type { SpanLike } from './span-like.ts'

/** A resource of OpenTelemetry SDK 2 or 3 whose detectors are still running. */
interface PendingResource {
  readonly asyncAttributesPending?: boolean
  getRawAttributes?(): readonly (readonly [name: string, value: unknown])[]
}

/**
 * The resource attributes known so far. While detectors run, reading `attributes` would make the SDK log an error to
 * `diag` for every span.
 */
export function resourceAttributesOf(span: SpanLike): Attributes {
  const resource: (SpanLike['resource'] & PendingResource) | undefined = span.resource
  if (resource?.asyncAttributesPending !== true || resource.getRawAttributes === undefined) {
    return resource?.attributes ?? {}
  }
  const known: Record<string, unknown> = {}
  // The first value of a name wins; a pending one is a promise.
  for (const [name, value] of resource.getRawAttributes()) {
    if (typeof value !== 'object' || Array.isArray(value)) known[name] ??= value
  }
  return known
}
