import { createRoute } from '@hono/zod-openapi'
import { callId } from '@spanledger/core'
import { HttpError } from '../../http/http-error.ts'
import { answers, type Api, type ApiContext, createPart, refusals } from '../api-context.ts'
import { jsonBody } from '../json-body.ts'
import { readFilter } from '../read-filter.ts'
import { filterQuery } from '../schemas/filter.ts'
import { paging } from '../schemas/paging.ts'
import { type UsageLogBody, usageLogBody } from '../schemas/usage-log-body.ts'
import { createdAnswer, usageLogList } from '../schemas/usage-log.ts'
import { toUsageLogCalls } from '../usage-log-calls.ts'

/** Routes of usage logs. */
export function usageLogRoutes(context: ApiContext): Api {
  const part = createPart()
  for (const path of ['/api/ai-usage', '/api/ai/usage']) {
    addList(part, path, context)
    addPost(part, path, context)
  }
  return part
}

function addList(part: Api, path: string, { store }: ApiContext): void {
  const route = createRoute({
    method: 'get',
    path,
    summary: 'List usage logs, one per run, newest first.',
    request: { query: filterQuery(paging) },
    responses: { ...answers(200, usageLogList, 'A page of usage logs.'), ...refusals(400, 403) },
  })
  part.openapi(route, async (c) => {
    const { limit, cursor, ...query } = c.req.valid('query')
    const filter = readFilter(c, query)
    const { logs, next } = await store.usageLogs(filter, { limit, cursor })
    const data = logs.map((log) => ({ ...log, toolCallsJson: [...log.toolCallsJson] }))
    return c.json({ data, next: next ?? null }, 200)
  })
}

function addPost(part: Api, path: string, context: ApiContext): void {
  const route = createRoute({
    method: 'post',
    path,
    summary: 'Store a usage log: a call without telemetry.',
    middleware: jsonBody(),
    request: { body: { required: true, content: { 'application/json': { schema: usageLogBody } } } },
    responses: { ...answers(201, createdAnswer, 'The id of the stored log.'), ...refusals(400, 413, 415, 422, 503) },
  })
  part.openapi(route, async (c) => {
    const log: UsageLogBody = c.req.valid('json')
    await requireProject(context, log.projectId ?? undefined)
    const { store, ingest, policy } = context
    const now = context.now()
    const calls = toUsageLogCalls(log, { prices: await context.prices(), policy, now })
    const [operation] = calls
    // A retry keeps the time of the stored call, unless the log says it itself.
    const isRepeatable = typeof log.requestId === 'string' && typeof log.startedAt !== 'number'
    const before = !isRepeatable ? undefined : await store.call(callId(operation))
    const kept =
      before === undefined ? calls : calls.map((call) => atTimeOf(call, before.ended_at ?? before.started_at, now))
    const { rejected } = await ingest.write(kept).catch(unavailable)
    const [first] = rejected
    if (first !== undefined) throw unstorable(first.reason)
    return c.json({ id: callId(operation) }, 201)
  })
}

function atTimeOf<Timed extends { readonly started_at: number; readonly ended_at: number | null }>(
  call: Timed,
  endedAt: number,
  now: number,
): Timed {
  const shift = endedAt - now
  return {
    ...call,
    started_at: Math.max(0, call.started_at + shift),
    ended_at: call.ended_at === null ? null : Math.max(0, call.ended_at + shift),
  }
}

async function requireProject({ store }: ApiContext, id: string | undefined): Promise<void> {
  if (id === undefined || (await store.projects()).some((project) => project.id === id)) return
  throw new HttpError('projectId must be a known project', {
    status: 422,
    code: 'unknown_project',
    field: 'projectId',
    hint: 'Create it first with POST /api/projects, or leave it out',
  })
}

function unavailable(cause: unknown): never {
  throw new HttpError('The database cannot store the log at the moment', {
    status: 503,
    code: 'unavailable',
    hint: 'Retry after the time in Retry-After, with a requestId so that the log is stored once',
    retryAfterSeconds: 2,
    cause,
  })
}

function unstorable(reason: string): HttpError {
  const [column = ''] = reason.split(' ')
  return new HttpError('The log contains a value that the database cannot store', {
    status: 422,
    code: 'unstorable',
    field: column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    cause: new Error(reason),
  })
}
