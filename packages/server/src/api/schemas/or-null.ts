import { z } from '@hono/zod-openapi'

/** The same or null. For schemas that have a name: `nullable()` would leave them without null in the document. */
export function orNull<Value extends z.ZodType>(value: Value) {
  return z.union([value, z.null()])
}
