import { z } from '@hono/zod-openapi'
import { count, durationMs, time, tokens, usd } from './number.ts'
import { listOf } from './list.ts'

const text = z.string().nullable()

/** A row of view `ai_usage_logs` in camelCase. */
export const usageLogRow = z
  .strictObject({
    id: z.string(),
    projectId: text,
    requestId: text,
    operation: text,
    model: text,
    provider: text,
    inputTokens: tokens,
    outputTokens: tokens,
    totalTokens: tokens,
    estimatedCost: usd,
    durationMs,
    toolCallsCount: count,
    toolCallsJson: z.array(z.unknown()),
    responseMetadata: z.unknown(),
    error: text,
    createdAt: time,
  })
  .openapi('UsageLogRow')

/** GET /api/ai-usage. */
export const usageLogList = listOf(usageLogRow).openapi('UsageLogList')

/** The answer to POST /api/ai-usage. */
export const createdAnswer = z.strictObject({ id: z.string() }).openapi('Created')

export type UsageLogRow = z.infer<typeof usageLogRow>
export type UsageLogList = z.infer<typeof usageLogList>
