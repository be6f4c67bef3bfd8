import { z } from '@hono/zod-openapi'

/** The longest id, name or filter value. */
const MAX_LENGTH = 1000

/** An id or name: a string that paths, URLs and all databases can hold. */
export const name = z
  .string()
  .min(1, 'must not be empty')
  .max(MAX_LENGTH, `must be at most ${MAX_LENGTH} characters long`)
  .refine((text) => !text.includes('\0'), 'must not contain a NUL character')

/** A filter value; empty matches calls where the value is unknown. */
export const filterText = z
  .string()
  .max(MAX_LENGTH, `must be at most ${MAX_LENGTH} characters long`)
  .refine((text) => !text.includes('\0'), 'must not contain a NUL character')
