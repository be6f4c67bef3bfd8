import { randomUUID } from 'node:crypto'
import { createRoute } from '@hono/zod-openapi'
import type { Json, JsonObject } from '@spanledger/core'
import type { EventFilter } from '@spanledger/store'
import { answers, type Api, type ApiContext, createPart, refusals } from '../api-context.ts'
import { jsonBody } from '../json-body.ts'
import { readFilter } from '../read-filter.ts'
import { eventBody, eventList, type EventView } from '../schemas/event.ts'
import { paging } from '../schemas/paging.ts'
import { filterText } from '../schemas/text.ts'
import { rangeShape, withTimes } from '../schemas/time-range.ts'
import { createdAnswer } from '../schemas/usage-log.ts'
import { strict } from '../schemas/strict.ts'

const one = filterText.min(1, 'must not be empty').optional()

const query = withTimes(
  strict({
    ...rangeShape,
    ...paging,
    name: one.openapi({ description: 'Event name, such as chat_interaction.' }),
    user: one,
    session: one,
    project: one,
    trace: one,
  }),
)

// The same limit as for the metadata of a call.
const MAX_PROPERTIES = 8_000

/** Routes of product events. */
export function eventsRoute(context: ApiContext): Api {
  const part = createPart()
  addList(part, context)
  addPost(part, context)
  return part
}

function addList(part: Api, { store }: ApiContext): void {
  const route = createRoute({
    method: 'get',
    path: '/api/events',
    summary: 'List product events, newest first.',
    request: { query },
    responses: { ...answers(200, eventList, 'A page of events.'), ...refusals(400, 403) },
  })
  part.openapi(route, async (c) => {
    const { limit, cursor, name, ...asked } = c.req.valid('query')
    const filter = { ...readFilter(c, asked), name } as EventFilter // one string each, by the schema
    const { events, next } = await store.events(filter, { limit, cursor })
    const data: EventView[] = events.map((event) => ({ ...event }))
    return c.json({ data, next: next ?? null }, 200)
  })
}

function addPost(part: Api, { store, policy, now }: ApiContext): void {
  const route = createRoute({
    method: 'post',
    path: '/api/events',
    summary: 'Store a product event, such as a chat turn.',
    middleware: jsonBody(),
    request: { body: { required: true, content: { 'application/json': { schema: eventBody } } } },
    responses: { ...answers(201, createdAnswer, 'The id of the stored event.'), ...refusals(400, 413, 415) },
  })
  part.openapi(route, async (c) => {
    const { id = randomUUID(), occurredAt = now(), properties = {}, ...event } = c.req.valid('json')
    const kept = policy.json(properties, MAX_PROPERTIES)
    await store.writeEvents([{ ...event, id, occurredAt, properties: isObject(kept) ? kept : { value: kept } }])
    return c.json({ id }, 201)
  })
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
