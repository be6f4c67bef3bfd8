import { z } from '@hono/zod-openapi'

/** An object that takes these names and refuses every other one, with what it takes as the hint. */
export function strict<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? `Use ${Object.keys(shape).join(', ')}` : undefined),
  })
}
