import { z } from '@hono/zod-openapi'

/** Makes a named schema nullable. `nullable()` would lose the null in the OpenAPI document. */
export function orNull<Value extends z.ZodType>(value: Value) {
  return z.union([value, z.null()])
}
