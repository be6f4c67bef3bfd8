import { createRoute, z } from '@hono/zod-openapi'
import type { SessionSummary, SessionTurn as StoredTurn } from '@spanledger/store'
import { answers, answersOrCsv, type Api, type ApiContext, createPart, refusals } from '../api-context.ts'
import { toCallView } from '../call-view.ts'
import { missing } from '../missing.ts'
import { type ApiFilter, projectOf, readFilter } from '../read-filter.ts'
import { type SessionTurn, sessionAnswer, sessionList } from '../schemas/call-answers.ts'
import { filterQuery, tableFormat } from '../schemas/filter.ts'
import { toUsd } from '../schemas/number.ts'
import { MAX_PAGE, paging } from '../schemas/paging.ts'
import { name } from '../schemas/text.ts'
import { csvHeaders, sessionsCsv } from '../table-export.ts'
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
    request: { query: filterQuery({ ...paging, format: tableFormat }) },
    responses: {
      ...answersOrCsv(sessionList, 'A page of sessions; as csv, the 10,000 most recently active.'),
      ...refusals(400, 403),
    },
  })
  part.openapi(route, async (c) => {
    const { limit, cursor, format, ...query } = c.req.valid('query')
    const filter = readFilter(c, query)
    if (format === 'csv') return c.body(sessionsCsv(await allSessions(store, filter)), 200, csvHeaders('sessions'))
    const { sessions, next } = await store.sessions(filter, { limit, cursor })
    const data = sessions.map((session) => ({ ...session, costUsd: toUsd(session.costNanoUsd) }))
    return c.json({ data, next: next ?? null }, 200)
  })
}

const MAX_SESSIONS = 10_000

// As many as a person reads in a spreadsheet; more would take the server's memory.
async function allSessions(store: ApiContext['store'], filter: ApiFilter): Promise<readonly SessionSummary[]> {
  const found: SessionSummary[] = []
  let cursor: string | undefined
  do {
    const page = await store.sessions(filter, { limit: MAX_PAGE, cursor })
    found.push(...page.sessions)
    cursor = page.next
  } while (cursor !== undefined && found.length < MAX_SESSIONS)
  return found
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
    const isHere = turns.length > 0 || (await store.calls({ session: id, project }, { limit: 1 })).calls.length > 0
    if (!isHere) {
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
