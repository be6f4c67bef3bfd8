import { z } from '@hono/zod-openapi'

/** A count that is always known. */
export const count = z.int().min(0)

/** Tokens; null where they are unknown. A sum can be beyond 2^53-1, and is the nearest number then. */
export const tokens = z.number().min(0).nullable()

/** Epoch milliseconds. */
export const time = z.int().min(0).openapi({ description: 'Epoch milliseconds.' })

/** Milliseconds that something took; null where it is unknown. */
export const durationMs = z.number().min(0).nullable()

/** Nano-USD, of which a billion are a dollar; null where the cost is unknown. */
export const nanoUsd = z.number().min(0).nullable()

/** The same in dollars, for people. */
export const usd = z.number().min(0).nullable()

/** How long the given part of all took no longer than. */
export const percentiles = z
  .strictObject({ p50Ms: z.number(), p90Ms: z.number(), p95Ms: z.number(), p99Ms: z.number() })
  .openapi('Percentiles')

export type Percentiles = z.infer<typeof percentiles>

/** Nano-USD in dollars. */
export function toUsd(nano: number | null): number | null {
  return nano === null ? null : nano / 1e9
}
