import { z } from '@hono/zod-openapi'
import { listOf } from './list.ts'
import { time } from './number.ts'
import { strict } from './strict.ts'
import { name } from './text.ts'

const MAX_TIME = 8_640_000_000_000_000

/** A product event, such as a chat turn. */
export const event = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    occurredAt: time,
    userId: z.string().nullable(),
    sessionId: z.string().nullable(),
    projectId: z.string().nullable(),
    traceId: z.string().nullable(),
    properties: z.record(z.string(), z.unknown()),
    createdAt: time,
  })
  .openapi('Event')

/** POST /api/events. */
export const eventBody = strict({
  id: name.optional().openapi({ description: 'Events with the same id are stored once.' }),
  name: name.openapi({ example: 'chat_interaction' }),
  occurredAt: time
    .max(MAX_TIME, 'must be a time in epoch milliseconds')
    .optional()
    .openapi({ description: 'Epoch milliseconds; now by default.' }),
  userId: name.nullish(),
  sessionId: name.nullish(),
  projectId: name.nullish(),
  traceId: name.nullish(),
  properties: z.record(z.string(), z.unknown()).optional(),
}).openapi('EventBody')

export const eventList = listOf(event).openapi('EventList')

export type EventBody = z.infer<typeof eventBody>
export type EventView = z.infer<typeof event>
