import { z } from '@hono/zod-openapi'

/** The body of every refusal: a code to branch on, the field, what is wrong, and what would work. */
export const errorAnswer = z
  .strictObject({
    error: z.strictObject({
      code: z.string().openapi({ example: 'invalid_value' }),
      field: z
        .string()
        .nullable()
        .openapi({ description: 'The parameter, header or path in the body that is wrong; null if none is.' }),
      message: z.string(),
      hint: z.string().nullable(),
    }),
  })
  .openapi('Error')

export type ErrorAnswer = z.infer<typeof errorAnswer>
