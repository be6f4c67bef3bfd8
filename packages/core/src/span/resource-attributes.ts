import type { Attributes } from '../json/attribute-values.ts'
import type { SpanLike } from './span-like.ts'

/** Resources of OpenTelemetry SDK 2 and 3 while detectors are still looking for the rest of them. */
interface PendingResource {
  readonly asyncAttributesPending?: boolean
  getRawAttributes?(): readonly (readonly [name: string, value: unknown])[]
}

/**
 * What is known about the process by now. While attributes are being detected, asking for all of them would make the
 * SDK write an error to `diag` at every span.
 */
export function resourceAttributesOf(span: SpanLike): Attributes {
  const resource: (SpanLike['resource'] & PendingResource) | undefined = span.resource
  if (resource?.asyncAttributesPending !== true || resource.getRawAttributes === undefined) {
    return resource?.attributes ?? {}
  }
  const known: Record<string, unknown> = {}
  // The first of a name holds; what is not there yet is a promise.
  for (const [name, value] of resource.getRawAttributes()) {
    if (typeof value !== 'object' || Array.isArray(value)) known[name] ??= value
  }
  return known
}
