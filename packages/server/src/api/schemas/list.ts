import { z } from '@hono/zod-openapi'

/** A page: its rows, and the `cursor` of the next page; null on the last. */
export function listOf<Row extends z.ZodType>(row: Row) {
  return z.strictObject({ data: z.array(row), next: z.string().nullable() })
}
