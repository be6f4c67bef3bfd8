import { createRoute, z } from '@hono/zod-openapi'
import { answers, type Api, type ApiContext, createPart, refusals } from '../api-context.ts'
import { missing } from '../missing.ts'
import { projectOf } from '../read-filter.ts'
import { traceAnswer, traceList } from '../schemas/call-answers.ts'
import { DEFAULT_PAGE, MAX_PAGE, wholeNumber } from '../schemas/paging.ts'
import { strict } from '../schemas/strict.ts'
import { name } from '../schemas/text.ts'
import { toTree } from '../trace-view.ts'
import { toTotals } from '../usage-view.ts'

const listQuery = strict({
  prefix: z
    .string()
    .regex(/^[\da-f]{1,32}$/i, 'must be 1 to 32 hexadecimal digits')
    .openapi({ description: 'The first digits of the trace id.' }),
  limit: wholeNumber({ min: 1, max: MAX_PAGE, byDefault: DEFAULT_PAGE }),
})

/** Routes of traces. */
export function tracesRoutes(context: ApiContext): Api {
  const part = createPart()
  addList(part, context)
  addOne(part, context)
  return part
}

function addList(part: Api, { store }: ApiContext): void {
  const route = createRoute({
    method: 'get',
    path: '/api/traces',
    summary: 'Find traces by the first digits of their id.',
    request: { query: listQuery },
    responses: { ...answers(200, traceList, 'The traces, in the order of their ids.'), ...refusals(400) },
  })
  part.openapi(route, async (c) => {
    const found = await store.traces({ ...c.req.valid('query'), project: projectOf(c) })
    return c.json({ data: found.map((trace) => ({ ...trace })), next: null }, 200)
  })
}

function addOne(part: Api, { store }: ApiContext): void {
  const route = createRoute({
    method: 'get',
    path: '/api/traces/{traceId}',
    summary: 'Get a trace as a tree of calls.',
    request: { params: z.object({ traceId: name }), query: z.strictObject({}) },
    responses: { ...answers(200, traceAnswer, 'The trace.'), ...refusals(400, 404) },
  })
  part.openapi(route, async (c) => {
    const traceId = c.req.valid('param').traceId.toLowerCase()
    const project = projectOf(c)
    const trace = await store.trace(traceId)
    const root = toTree(trace?.roots ?? [], project)
    if (trace === undefined || root.length === 0)
      throw missing('trace', 'GET /api/calls lists calls with their trace ids')
    const filter = { trace: traceId, ...(project === undefined ? {} : { project }) }
    const totals = toTotals(await store.summary(filter, { percentiles: true }))
    const answer = { traceId, startedAt: trace.startedAt, endedAt: trace.endedAt, totals, root }
    return c.json(answer, 200)
  })
}
