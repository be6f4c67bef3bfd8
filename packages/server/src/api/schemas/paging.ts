import { z } from '@hono/zod-openapi'

/** The longest page. */
export const MAX_PAGE = 1000
export const DEFAULT_PAGE = 100

/** A whole number in a query string. */
export function wholeNumber({
  min,
  max,
  byDefault,
}: {
  readonly min: number
  readonly max: number
  readonly byDefault: number
}) {
  return z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be between ${min} and ${max}`)
    .optional()
    .openapi({ type: 'integer', minimum: min, maximum: max, default: byDefault })
}

/** The paging parameters of lists. */
export const paging = {
  limit: wholeNumber({ min: 1, max: MAX_PAGE, byDefault: DEFAULT_PAGE }),
  cursor: z
    .string()
    .min(1, 'must not be empty')
    .max(500, 'must be a cursor from this server')
    .optional()
    .openapi({ description: 'The unchanged `next` of the previous page.' }),
}
