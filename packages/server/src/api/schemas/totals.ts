import { z } from '@hono/zod-openapi'
import { orNull } from './or-null.ts'
import { count, durationMs, nanoUsd, percentiles, time, tokens, usd } from './number.ts'

const sums = {
  calls: count,
  inputTokens: tokens,
  outputTokens: tokens,
  totalTokens: tokens,
  cacheReadTokens: tokens,
  cacheWriteTokens: tokens,
  reasoningTokens: tokens,
  costNanoUsd: nanoUsd,
  costUsd: usd,
  estimatedCalls: count,
  unpricedCalls: count,
  unknownUsageCalls: count,
  errors: count,
  toolCalls: count,
  toolErrors: count,
  openCalls: count,
  averageDurationMs: durationMs,
  averageTimeToFirstTokenMs: durationMs,
}

/** What calls add up to, without percentiles: one for each bucket of a time series. */
export const bucketTotals = z.strictObject(sums).openapi('BucketTotals')

/** What calls add up to. Only billable calls count, one per provider attempt; unknown is null, never 0. */
export const totals = z
  .strictObject({
    ...sums,
    duration: orNull(percentiles),
    timeToFirstToken: orNull(percentiles),
  })
  .openapi('Totals')

/** The same for one value of a grouping; `key` null where the value is unknown. */
export const totalsRow = z
  .strictObject({ ...totals.shape, key: z.string().nullable(), label: z.string().nullable() })
  .openapi('TotalsRow')

/** The time that an answer is about; null where it has no such end. */
export const range = z.strictObject({ from: time.nullable(), to: time.nullable(), tz: z.string() }).openapi('Range')

/** One line of a chart: a point for each bucket, null where nothing is known of it. */
export const series = z
  .strictObject({
    key: z.string().nullable(),
    label: z.string().optional(),
    isOther: z.literal(true).optional(),
    points: z.array(z.number().nullable()),
  })
  .openapi('Series')

/** A piece of time in a zone; a partial one is cut by the range, or not over yet. */
export const bucket = z.strictObject({ start: time, end: time, isPartial: z.boolean() }).openapi('Bucket')

export type BucketTotals = z.infer<typeof bucketTotals>
export type Totals = z.infer<typeof totals>
export type TotalsRow = z.infer<typeof totalsRow>
export type Range = z.infer<typeof range>
export type Series = z.infer<typeof series>
export type Bucket = z.infer<typeof bucket>
