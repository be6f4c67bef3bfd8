import { z } from '@hono/zod-openapi'
import { listOf } from './list.ts'
import { time } from './number.ts'
import { strict } from './strict.ts'
import { name } from './text.ts'

const MAX_URL_LENGTH = 4000

const url = z
  .string()
  .max(MAX_URL_LENGTH, `must be at most ${MAX_URL_LENGTH} characters long`)
  // A browser would leave the dashboard for //host and for a backslash.
  .regex(/^\/(?![/\\])[^\\\s]*$/, 'must be a path of the dashboard, such as /calls?user=ada')
  .openapi({ description: 'Path and query of a page of the dashboard.', example: '/calls?range=7d&user=ada' })

/** POST /api/views. */
export const savedViewBody = strict({ name, url }).openapi('SavedViewBody')

/** A page of the dashboard with its filters, kept under a name. */
export const savedView = z
  .strictObject({ id: z.string(), name: z.string(), url: z.string(), project: z.string().nullable(), createdAt: time })
  .openapi('SavedView')

export const savedViewList = listOf(savedView).openapi('SavedViewList')

export type SavedViewBody = z.infer<typeof savedViewBody>
export type SavedViewView = z.infer<typeof savedView>
export type SavedViewList = z.infer<typeof savedViewList>
