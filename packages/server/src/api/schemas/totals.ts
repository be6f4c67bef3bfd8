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

/** Sums of calls without percentiles, as in the buckets of a time series. */
export const bucketTotals = z.strictObject(sums).openapi('BucketTotals')

/** Sums of calls. Only billable calls count, one per provider attempt. Unknown is null, never 0. */
export const totals = z
  .strictObject({
    ...sums,
    duration: orNull(percentiles),
    timeToFirstToken: orNull(percentiles),
  })
  .openapi('Totals')

/** Sums for one value of a grouping; `key` is null for calls where the value is unknown. */
export const totalsRow = z
  .strictObject({ ...totals.shape, key: z.string().nullable(), label: z.string().nullable() })
  .openapi('TotalsRow')

/** The time range of an answer; null at an open end. */
export const range = z.strictObject({ from: time.nullable(), to: time.nullable(), tz: z.string() }).openapi('Range')

/** One line of a chart: one point per bucket, null if unknown. */
export const series = z
  .strictObject({
    key: z.string().nullable(),
    label: z.string().optional(),
    isOther: z.literal(true).optional(),
    points: z.array(z.number().nullable()),
  })
  .openapi('Series')

/** A bucket of time. A partial bucket is cut off by the range or not over yet. */
export const bucket = z.strictObject({ start: time, end: time, isPartial: z.boolean() }).openapi('Bucket')

export type BucketTotals = z.infer<typeof bucketTotals>
export type Totals = z.infer<typeof totals>
export type TotalsRow = z.infer<typeof totalsRow>
export type Range = z.infer<typeof range>
export type Series = z.infer<typeof series>
export type Bucket = z.infer<typeof bucket>
