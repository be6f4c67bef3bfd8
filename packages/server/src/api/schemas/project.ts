import { z } from '@hono/zod-openapi'
import { time } from './number.ts'
import { name } from './text.ts'
import { strict } from './strict.ts'
import { listOf } from './list.ts'

/** A project that calls belong to. */
export const project = z.strictObject({ id: z.string(), name: z.string(), createdAt: time }).openapi('Project')

export const projectList = listOf(project).openapi('ProjectList')

/** POST /api/projects. */
export const projectBody = strict({ id: name, name: name.optional() }).openapi('ProjectBody')

/** PATCH /api/projects/:id. */
export const projectChange = strict({ name }).openapi('ProjectChange')

export type ProjectView = z.infer<typeof project>
