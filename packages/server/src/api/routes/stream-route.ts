import { createRoute, z } from '@hono/zod-openapi'
import { HttpError } from '../../http/http-error.ts'
import { type Api, type ApiContext, createPart, refusals } from '../api-context.ts'
import { createCallStream } from '../call-stream.ts'
import { createLiveFeed } from '../live-feed.ts'
import { readFilter } from '../read-filter.ts'
import { filterQuery } from '../schemas/filter.ts'

const MAX_CLIENTS = 200

const headers = z.object({
  'last-event-id': z
    .string()
    .regex(/^\d{0,16}$/, 'must be an event id of this stream')
    .optional(),
})

/** The stream route. */
export function streamRoute(context: ApiContext): Api {
  const { store, live, onError } = context
  const part = createPart()
  const feed = createLiveFeed(store, { pollMs: live.pollMs, onError })
  const route = createRoute({
    method: 'get',
    path: '/api/stream',
    summary:
      'Stream calls as they are stored: server-sent events named `call`; the event id is the ingest sequence number.',
    request: { query: filterQuery({}), headers },
    responses: {
      200: { description: 'An endless stream of events.', content: { 'text/event-stream': { schema: z.string() } } },
      ...refusals(400, 403, 503),
    },
  })
  part.openapi(route, (c) => {
    const filter = readFilter(c, c.req.valid('query'))
    const lastId = c.req.valid('header')['last-event-id']
    if (filter.usedTool !== undefined) throw notStreamed('usedTool')
    if (filter.except?.usedTool !== undefined) throw notStreamed('notUsedTool')
    if (feed.size >= MAX_CLIENTS) throw tooMany()
    const stream = createCallStream({
      store,
      feed,
      filter,
      after: lastId === undefined || lastId === '' ? undefined : Number(lastId),
      heartbeatMs: live.heartbeatMs,
      signals: [c.req.raw.signal, ...(context.signal === undefined ? [] : [context.signal])],
      onError,
    })
    return c.body(stream, 200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // A proxy that buffers answers would never send this one.
      'x-accel-buffering': 'no',
    })
  })
  return part
}

function notStreamed(field: string): HttpError {
  return new HttpError(`${field} cannot select arriving calls: which tools a run uses is not known yet`, {
    status: 400,
    code: 'invalid_value',
    field,
    hint: `Leave out ${field}, or use tool for tool calls only`,
  })
}

function tooMany(): HttpError {
  return new HttpError(`${MAX_CLIENTS} clients are already streaming from this server`, {
    status: 503,
    code: 'too_many_clients',
    hint: 'Try again later',
    retryAfterSeconds: 30,
  })
}
