import { z } from '@hono/zod-openapi'

/** The longest id, name or filter value that anybody needs. */
const MAX_LENGTH = 1000

/** An id, a name: a text that a path, a URL and every database can hold. */
export const name = z
  .string()
  .min(1, 'must not be empty')
  .max(MAX_LENGTH, `must be at most ${MAX_LENGTH} characters long`)
  .refine((text) => !text.includes('\0'), 'must not contain a NUL character')

/** A value to filter by; empty asks for calls where it is unknown. */
export const filterText = z
  .string()
  .max(MAX_LENGTH, `must be at most ${MAX_LENGTH} characters long`)
  .refine((text) => !text.includes('\0'), 'must not contain a NUL character')
