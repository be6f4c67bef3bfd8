import { z } from '@hono/zod-openapi'

/** A page: its rows, and what to pass as `cursor` for the next one; null on the last. */
export function listOf<Row extends z.ZodType>(row: Row) {
  return z.strictObject({ data: z.array(row), next: z.string().nullable() })
}
