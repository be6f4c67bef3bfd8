import { z } from '@hono/zod-openapi'
import { CALL_KINDS, CALL_STATUSES, COST_SOURCES, USAGE_SOURCES } from '@spanledger/core'
import { orNull } from './or-null.ts'
import { count, durationMs, nanoUsd, time, tokens, usd } from './number.ts'

const text = z.string().nullable()
const json = z.record(z.string(), z.unknown()).nullable()
const flag = z.union([z.literal(0), z.literal(1)])

/** A call without its content: the columns of table `calls` in camelCase. */
export const callView = z
  .strictObject({
    id: z.string(),
    traceId: z.string(),
    spanId: z.string(),
    parentSpanId: text,
    runId: z.string(),
    kind: z.enum(CALL_KINDS),
    billable: flag,
    operation: text,
    callType: text,
    name: text,
    requestId: text,
    sdk: text,
    sdkVersion: text,
    converterVersion: text,
    serviceName: text,
    environment: text,
    projectId: text,
    userId: text,
    sessionId: text,
    companyId: text,
    taskId: text,
    tags: z.array(z.string()).nullable(),
    metadata: json,
    provider: text,
    rawProvider: text,
    model: text,
    requestModel: text,
    responseId: text,
    finishReason: text,
    streaming: flag.nullable(),
    request: json,
    responseMetadata: json,
    inputTokens: tokens,
    outputTokens: tokens,
    totalTokens: tokens,
    cacheReadTokens: tokens,
    cacheWriteTokens: tokens,
    reasoningTokens: tokens,
    usageDetails: json,
    serviceTier: text,
    usageSource: z.enum(USAGE_SOURCES),
    costNanoUsd: nanoUsd,
    costUsd: usd,
    costSource: z.enum(COST_SOURCES).nullable(),
    costFlags: z.array(z.string()).nullable(),
    costReason: text,
    priceVersion: text,
    previousCostNanoUsd: nanoUsd,
    repricedAt: time.nullable(),
    startedAt: time,
    endedAt: time.nullable(),
    durationMs,
    timeToFirstTokenMs: durationMs,
    toolName: text,
    toolCallId: text,
    toolType: text,
    status: z.enum(CALL_STATUSES),
    errorType: text,
    errorMessage: text,
    httpStatus: count.nullable(),
    createdAt: time,
    ingestSeq: count,
  })
  .openapi('CallView')

/** The content of a call; null where the content policy removed it. */
export const callContent = z
  .strictObject({
    question: text,
    systemPrompt: text,
    messages: z.strictObject({ input: z.unknown(), output: z.unknown() }).nullable(),
    answer: text,
    toolDefinitions: z.unknown(),
    arguments: z.unknown(),
    result: z.unknown(),
    lengths: json,
  })
  .openapi('CallContent')

/** A call with its content. */
export const callWithContent = z
  .strictObject({ ...callView.shape, content: orNull(callContent) })
  .openapi('CallWithContent')

export type CallView = z.infer<typeof callView>
export type CallContentView = z.infer<typeof callContent>
export type CallWithContent = z.infer<typeof callWithContent>
