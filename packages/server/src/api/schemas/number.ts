import { z } from '@hono/zod-openapi'

/** A count that is always known. */
export const count = z.int().min(0)

/** Tokens; null if unknown. A sum above 2^53-1 is rounded to the nearest number. */
export const tokens = z.number().min(0).nullable()

/** Epoch milliseconds. */
export const time = z.int().min(0).openapi({ description: 'Epoch milliseconds.' })

/** A duration in milliseconds; null if unknown. */
export const durationMs = z.number().min(0).nullable()

/** Nano-USD (1e-9 USD); null if the cost is unknown. */
export const nanoUsd = z.number().min(0).nullable()

/** USD; null if the cost is unknown. */
export const usd = z.number().min(0).nullable()

/** Percentiles of a duration. */
export const percentiles = z
  .strictObject({ p50Ms: z.number(), p90Ms: z.number(), p95Ms: z.number(), p99Ms: z.number() })
  .openapi('Percentiles')

export type Percentiles = z.infer<typeof percentiles>

/** Converts nano-USD to USD. */
export function toUsd(nano: number | null): number | null {
  return nano === null ? null : nano / 1e9
}
