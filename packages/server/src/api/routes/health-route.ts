import { createRoute, z } from '@hono/zod-openapi'
import type { IngestStats } from '../../ingest/ingest.ts'
import { answers, type Api, type ApiContext, createPart, refusals } from '../api-context.ts'
import { type IngestHealth, healthAnswer } from '../schemas/health.ts'
import { hasDemoData } from './overview-route.ts'

/** The health route. */
export function healthRoute(context: ApiContext): Api {
  const part = createPart()
  const route = createRoute({
    method: 'get',
    path: '/api/health',
    summary: 'Get the state of the server and its database.',
    request: { query: z.strictObject({}) },
    responses: { ...answers(200, healthAnswer, 'The state.'), ...refusals(400) },
  })
  part.openapi(route, async (c) => {
    const { dialect, database: name, sizeBytes, calls, firstStartedAt, lastStartedAt } = await context.store.size()
    const answer = {
      version: context.version,
      database: { dialect, name, sizeBytes, calls, firstStartedAt, lastStartedAt },
      ingest: toIngestHealth((await context.ingest.snapshot()).stats),
      journal: await context.journal(),
      jaegerUrl: context.jaegerUrl,
      isDemoData: await hasDemoData(context, { tz: 'UTC' }),
    }
    return c.json(answer, 200)
  })
  return part
}

function toIngestHealth(stats: IngestStats): IngestHealth {
  return {
    lastSpanAt: stats.lastReceivedAt,
    lastRejection: stats.lastRejection === null ? null : { ...stats.lastRejection, from: null },
    received: stats.received,
    stored: stats.stored,
    deduplicated: stats.deduplicated,
    rejected: { ...stats.rejected },
    dropped: { notAI: stats.notAI },
    lagMs: stats.lagMs,
  }
}
