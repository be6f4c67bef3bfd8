import { z } from '@hono/zod-openapi'

/** What every refusal says, whatever refused: a word to branch on, where it is, what is wrong, what would work. */
export const errorAnswer = z
  .strictObject({
    error: z.strictObject({
      code: z.string().openapi({ example: 'invalid_value' }),
      field: z.string().nullable().openapi({ description: 'Parameter or path in the body; null where it is neither.' }),
      message: z.string(),
      hint: z.string().nullable(),
    }),
  })
  .openapi('Error')

export type ErrorAnswer = z.infer<typeof errorAnswer>
