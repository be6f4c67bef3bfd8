import { z } from '@hono/zod-openapi'

/** An object schema that refuses unknown names and lists the known ones as the hint. */
export function strict<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? `Use ${Object.keys(shape).join(', ')}` : undefined),
  })
}
