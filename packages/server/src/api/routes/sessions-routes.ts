import { createRoute, z } from '@hono/zod-openapi'
import type { SessionTurn as StoredTurn } from '@spanledger/store'
import { answers, type Api, type ApiContext, createPart, refusals } from '../api-context.ts'
import { toCallView } from '../call-view.ts'
import { missing } from '../missing.ts'
import { projectOf, readFilter } from '../read-filter.ts'
import { type SessionTurn, sessionAnswer, sessionList } from '../schemas/call-answers.ts'
import { filterQuery } from '../schemas/filter.ts'
import { toUsd } from '../schemas/number.ts'
import { paging } from '../schemas/paging.ts'
import { name } from '../schemas/text.ts'
import { toTotals } from '../usage-view.ts'

/** Routes of sessions. */
export function sessionsRoutes(context: ApiContext): Api {
  const part = createPart()
  addList(part, context)
  addOne(part, context)
  return part
}

function addList(part: Api, { store }: ApiContext): void {
  const route = createRoute({
    method: 'get',
    path: '/api/sessions',
    summary: 'List sessions, most recently active first.',
    request: { query: filterQuery(paging) },
    responses: { ...answers(200, sessionList, 'A page of sessions.'), ...refusals(400, 403) },
  })
  part.openapi(route, async (c) => {
    const { limit, cursor, ...query } = c.req.valid('query')
    const filter = readFilter(c, query)
    const { sessions, next } = await store.sessions(filter, { limit, cursor })
    const data = sessions.map((session) => ({ ...session, costUsd: toUsd(session.costNanoUsd) }))
    return c.json({ data, next: next ?? null }, 200)
  })
}

function addOne(part: Api, { store }: ApiContext): void {
  const route = createRoute({
    method: 'get',
    path: '/api/sessions/{id}',
    summary: 'Get a session as a conversation; with a range or filters, that part of it, as in the list.',
    request: { params: z.object({ id: name }), query: filterQuery({}) },
    responses: { ...answers(200, sessionAnswer, 'The turns of the session.'), ...refusals(400, 403, 404) },
  })
  part.openapi(route, async (c) => {
    const { id } = c.req.valid('param')
    const project = projectOf(c)
    const filter = { ...readFilter(c, c.req.valid('query')), session: id }
    const session = await store.session(id, project === undefined ? filter : { ...filter, project: undefined })
    // A turn that includes calls of another project stays hidden.
    const isSeen = (turn: StoredTurn): boolean =>
      project === undefined || turn.calls.every((call) => call.project_id === project)
    const turns = (session?.turns ?? []).filter(isSeen).map(toTurn)
    if (session === undefined || (project !== undefined && turns.length === 0)) {
      throw missing('session', 'GET /api/sessions lists them')
    }
    const totals = toTotals(await store.summary(filter, { percentiles: true }))
    return c.json({ session: id, totals, turns }, 200)
  })
}

function toTurn(turn: StoredTurn): SessionTurn {
  return {
    ...turn,
    costUsd: toUsd(turn.costNanoUsd),
    toolCalls: turn.toolCalls.map((call) => ({ ...call })),
    calls: turn.calls.map(toCallView),
  }
}
