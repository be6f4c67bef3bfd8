import { z } from '@hono/zod-openapi'
import { orNull } from './or-null.ts'
import { count, durationMs, time } from './number.ts'
import { bucket, bucketTotals, range, series, totals, totalsRow } from './totals.ts'

/** GET /api/ai-usage/summary. */
export const summaryAnswer = z.strictObject({ range, totals, previous: totals.optional() }).openapi('Summary')

const chartLines = z.array(series)

/** GET /api/ai-usage/timeseries. */
export const timeseriesAnswer = z
  .strictObject({
    range,
    bucket: z.string().openapi({ example: '1d' }),
    buckets: z.array(bucket),
    totals: z.array(bucketTotals),
    series: z
      .strictObject({ costNanoUsd: chartLines, totalTokens: chartLines, calls: chartLines, errors: chartLines })
      .optional(),
    previous: z.strictObject({ buckets: z.array(bucket), totals: z.array(bucketTotals) }).optional(),
  })
  .openapi('Timeseries')

/** GET /api/ai-usage/breakdown. */
export const breakdownAnswer = z
  .strictObject({
    range,
    groupBy: z.string(),
    rows: z.array(totalsRow),
    // Sums of the rows beyond the limit.
    other: orNull(totals),
    previous: z.array(totalsRow).optional(),
  })
  .openapi('Breakdown')

const toolFailure = z
  .strictObject({
    message: z.string().nullable(),
    errorType: z.string().nullable(),
    calls: count,
    lastStartedAt: time,
    callId: z.string(),
  })
  .openapi('ToolFailure')

/** GET /api/ai-usage/failures. */
export const failuresAnswer = z
  .strictObject({
    range,
    failures: z.array(
      z.strictObject({ ...toolFailure.shape, httpStatus: z.number().int().nullable() }).openapi('CallFailure'),
    ),
  })
  .openapi('Failures')

const tool = z
  .strictObject({
    tool: z.string().nullable(),
    calls: count,
    succeeded: count,
    failed: count,
    successRate: z.number().min(0).max(1).nullable(),
    averageDurationMs: durationMs,
    p95DurationMs: durationMs,
    lastStartedAt: time.nullable(),
    failures: z.array(toolFailure),
  })
  .openapi('ToolStats')

/** GET /api/ai-usage/tools. */
export const toolsAnswer = z
  .strictObject({
    range,
    tools: z.array(tool),
    overTime: z.strictObject({
      bucket: z.string(),
      buckets: z.array(bucket),
      series: chartLines,
      failures: series,
    }),
  })
  .openapi('Tools')

/** A model with calls that have no cost. */
export const unpricedModel = z
  .strictObject({
    provider: z.string().nullable(),
    model: z.string().nullable(),
    requestModel: z.string().nullable(),
    serviceTier: z.string().nullable(),
    reason: z.string().nullable(),
    calls: count,
    lastStartedAt: time,
  })
  .openapi('UnpricedModel')

/** GET /api/overview. */
export const overviewAnswer = z
  .strictObject({
    range,
    totals,
    previous: orNull(totals),
    timeseries: timeseriesAnswer,
    top: z.strictObject({
      models: z.array(totalsRow),
      operations: z.array(totalsRow),
      projects: z.array(totalsRow),
      users: z.array(totalsRow),
      tags: z.array(totalsRow),
    }),
    unpricedModels: z.array(unpricedModel),
    openCalls: count,
    isDemoData: z.boolean(),
    isEmpty: z.boolean().openapi({ description: 'Whether no calls are stored at all, regardless of the filter.' }),
  })
  .openapi('Overview')

export type Summary = z.infer<typeof summaryAnswer>
export type Timeseries = z.infer<typeof timeseriesAnswer>
export type Breakdown = z.infer<typeof breakdownAnswer>
export type ToolFailure = z.infer<typeof toolFailure>
export type ToolStats = z.infer<typeof tool>
export type FailuresAnswer = z.infer<typeof failuresAnswer>
export type ToolsAnswer = z.infer<typeof toolsAnswer>
export type UnpricedModelRow = z.infer<typeof unpricedModel>
export type Overview = z.infer<typeof overviewAnswer>
