import { z } from '@hono/zod-openapi'
import { count, time } from './number.ts'

const countsByReason = z.record(z.string(), count)

/** What the server has received since it started. */
export const ingestHealth = z
  .strictObject({
    lastSpanAt: time.nullable(),
    lastRejection: z.strictObject({ at: time, reason: z.string(), from: z.string().nullable() }).nullable(),
    received: count,
    stored: count,
    deduplicated: count,
    rejected: countsByReason,
    dropped: countsByReason,
    lagMs: z.number().min(0).nullable(),
  })
  .openapi('IngestHealth')

/** GET /api/health. */
export const healthAnswer = z
  .strictObject({
    version: z.string(),
    // `dialect` is a stable id, such as `sqlite`; `name` is for display, such as `SQLite`.
    database: z.strictObject({
      dialect: z.string(),
      name: z.string(),
      sizeBytes: count.nullable(),
      calls: count,
      firstStartedAt: time.nullable(),
      lastStartedAt: time.nullable(),
    }),
    ingest: ingestHealth,
    journal: z.record(z.string(), z.unknown()).nullable(),
    jaegerUrl: z.string().nullable(),
    isDemoData: z.boolean(),
  })
  .openapi('Health')

export type IngestHealth = z.infer<typeof ingestHealth>
export type Health = z.infer<typeof healthAnswer>
