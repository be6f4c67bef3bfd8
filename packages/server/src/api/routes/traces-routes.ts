import { createRoute, z } from '@hono/zod-openapi'
import { answers, type Api, type ApiContext, createPart, refusals } from '../api-context.ts'
import { missing } from '../missing.ts'
import { projectOf } from '../read-filter.ts'
import { traceAnswer } from '../schemas/call-answers.ts'
import { name } from '../schemas/text.ts'
import { toTree } from '../trace-view.ts'
import { toTotals } from '../usage-view.ts'

/** The trace route. */
export function tracesRoutes({ store }: ApiContext): Api {
  const part = createPart()
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
  return part
}
