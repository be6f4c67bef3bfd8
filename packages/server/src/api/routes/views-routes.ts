import { createRoute, z } from '@hono/zod-openapi'
import type { SavedView } from '@spanledger/store'
import { HttpError } from '../../http/http-error.ts'
import { answers, type Api, type ApiContext, createPart, refusals } from '../api-context.ts'
import { jsonBody } from '../json-body.ts'
import { missing } from '../missing.ts'
import { projectOf } from '../read-filter.ts'
import {
  savedView,
  savedViewBody,
  type SavedViewBody,
  savedViewList,
  type SavedViewView,
} from '../schemas/saved-view.ts'
import { name } from '../schemas/text.ts'

const MAX_VIEWS = 500

/** Routes of saved views. A token for one project sees, saves and deletes the views of that project only. */
export function viewsRoutes(context: ApiContext): Api {
  const part = createPart()
  addList(part, context)
  addPost(part, context)
  addDelete(part, context)
  return part
}

function addList(part: Api, { store }: ApiContext): void {
  const route = createRoute({
    method: 'get',
    path: '/api/views',
    summary: 'List saved views of the dashboard.',
    request: { query: z.strictObject({}) },
    responses: { ...answers(200, savedViewList, 'All views that this token may see.'), ...refusals(400) },
  })
  part.openapi(route, async (c) => c.json({ data: (await store.views(projectOf(c))).map(toBody), next: null }, 200))
}

function addPost(part: Api, { store }: ApiContext): void {
  const route = createRoute({
    method: 'post',
    path: '/api/views',
    summary:
      'Save a view of the dashboard. A read token may do so; with a token for one project, only its readers see it.',
    middleware: jsonBody(),
    request: { body: { required: true, content: { 'application/json': { schema: savedViewBody } } } },
    responses: { ...answers(201, savedView, 'The view.'), ...refusals(400, 409, 413, 415) },
  })
  part.openapi(route, async (c) => {
    const body: SavedViewBody = c.req.valid('json')
    const projectId = projectOf(c) ?? null
    const others = await store.views(projectId)
    if (others.length >= MAX_VIEWS) throw conflict(`There are already ${MAX_VIEWS} views`, 'Delete one first')
    if (others.some((other) => other.name === body.name)) {
      throw conflict('A view with this name already exists', 'Delete it first, or use another name', 'name')
    }
    return c.json(toBody(await store.saveView({ ...body, projectId })), 201)
  })
}

function addDelete(part: Api, { store }: ApiContext): void {
  const route = createRoute({
    method: 'delete',
    path: '/api/views/{id}',
    summary: 'Delete a saved view.',
    request: { params: z.object({ id: name }), query: z.strictObject({}) },
    responses: {
      ...answers(200, z.strictObject({ id: z.string() }).openapi('Deleted'), 'The view is deleted.'),
      ...refusals(400, 404),
    },
  })
  part.openapi(route, async (c) => {
    const { id } = c.req.valid('param')
    if (!(await store.deleteView(id, projectOf(c)))) throw missing('view', 'GET /api/views lists them')
    return c.json({ id }, 200)
  })
}

function toBody({ projectId, ...view }: SavedView): SavedViewView {
  return { ...view, project: projectId }
}

function conflict(message: string, hint: string, field?: string): HttpError {
  return new HttpError(message, { status: 409, code: 'conflict', field, hint })
}
