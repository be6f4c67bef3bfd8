import { createRoute, z } from '@hono/zod-openapi'
import { HttpError } from '../../http/http-error.ts'
import { answers, type Api, type ApiContext, createPart, refusals } from '../api-context.ts'
import { jsonBody } from '../json-body.ts'
import { missing } from '../missing.ts'
import { projectOf } from '../read-filter.ts'
import { project, projectBody, projectChange, projectList } from '../schemas/project.ts'
import { name } from '../schemas/text.ts'

/** Routes of projects. */
export function projectsRoutes(context: ApiContext): Api {
  const part = createPart()
  addList(part, context)
  addPost(part, context)
  addPatch(part, context)
  return part
}

function addList(part: Api, { store }: ApiContext): void {
  const route = createRoute({
    method: 'get',
    path: '/api/projects',
    summary: 'List all projects, ordered by id.',
    request: { query: z.strictObject({}) },
    responses: { ...answers(200, projectList, 'All projects.'), ...refusals(400) },
  })
  part.openapi(route, async (c) => {
    const only = projectOf(c)
    const data = (await store.projects()).filter(({ id }) => only === undefined || id === only)
    return c.json({ data: data.map((one) => ({ ...one })), next: null }, 200)
  })
}

function addPost(part: Api, { store }: ApiContext): void {
  const route = createRoute({
    method: 'post',
    path: '/api/projects',
    summary: 'Create a project.',
    middleware: jsonBody(),
    request: { body: { required: true, content: { 'application/json': { schema: projectBody } } } },
    responses: { ...answers(201, project, 'The project.'), ...refusals(400, 409, 413, 415) },
  })
  part.openapi(route, async (c) => {
    const body = c.req.valid('json')
    if ((await store.projects()).some(({ id }) => id === body.id)) {
      throw new HttpError('A project with this id already exists', {
        status: 409,
        code: 'conflict',
        field: 'id',
        hint: 'Rename it with PATCH /api/projects/{id}, or use another id',
      })
    }
    return c.json({ ...(await store.ensureProject(body)) }, 201)
  })
}

function addPatch(part: Api, { store }: ApiContext): void {
  const route = createRoute({
    method: 'patch',
    path: '/api/projects/{id}',
    summary: 'Rename a project.',
    middleware: jsonBody(),
    request: {
      params: z.object({ id: name }),
      body: { required: true, content: { 'application/json': { schema: projectChange } } },
    },
    responses: { ...answers(200, project, 'The renamed project.'), ...refusals(400, 404, 413, 415) },
  })
  part.openapi(route, async (c) => {
    const { id } = c.req.valid('param')
    if (!(await store.projects()).some((one) => one.id === id)) {
      throw missing('project', 'GET /api/projects lists them')
    }
    return c.json({ ...(await store.ensureProject({ id, name: c.req.valid('json').name })) }, 200)
  })
}
