import { z } from '@hono/zod-openapi'
import { orNull } from './or-null.ts'
import { type CallView, callView, callWithContent } from './call.ts'
import { count, durationMs, nanoUsd, time, tokens, usd } from './number.ts'
import { listOf } from './list.ts'
import { totals } from './totals.ts'

const text = z.string().nullable()

/** GET /api/calls. */
export const callList = listOf(callView).openapi('CallList')

/** The price that currently applies to a call. */
const callPrice = z
  .strictObject({
    source: z.enum(['custom', 'list']),
    provider: z.string(),
    model: z.string(),
    version: z.string(),
    price: z.record(z.string(), z.unknown()),
  })
  .openapi('CallPrice')

/** GET /api/calls/:id. */
export const callAnswer = z
  .strictObject({
    call: callWithContent,
    price: orNull(callPrice),
    trace: z.strictObject({
      traceId: z.string(),
      startedAt: time,
      endedAt: time.nullable(),
      calls: count,
      toolCalls: count,
      costNanoUsd: nanoUsd,
      costUsd: usd,
    }),
  })
  .openapi('CallAnswer')

/** A call with the calls below it. */
export interface TraceNode {
  call: CallView
  children: TraceNode[]
}

const traceNode: z.ZodType<TraceNode> = z
  .strictObject({
    call: callView,
    get children() {
      return z.array(traceNode)
    },
  })
  .openapi('TraceNode')

/** GET /api/traces/:traceId. */
export const traceAnswer = z
  .strictObject({
    traceId: z.string(),
    startedAt: time,
    endedAt: time.nullable(),
    totals,
    root: z.array(traceNode),
  })
  .openapi('Trace')

/** GET /api/traces. */
export const traceList = listOf(
  z.strictObject({ traceId: z.string(), startedAt: time, rows: count }).openapi('TraceSummary'),
).openapi('TraceList')

/** A row of GET /api/sessions. */
export const sessionRow = z
  .strictObject({
    session: z.string(),
    user: text,
    project: text,
    turns: count,
    calls: count,
    toolCalls: count,
    errors: count,
    costNanoUsd: nanoUsd,
    costUsd: usd,
    estimatedCalls: count,
    unpricedCalls: count,
    unknownUsageCalls: count,
    totalTokens: tokens,
    startedAt: time,
    endedAt: time.nullable(),
    firstQuestion: text,
  })
  .openapi('SessionRow')

export const sessionList = listOf(sessionRow).openapi('SessionList')

const sessionToolCall = z
  .strictObject({
    id: z.string(),
    name: text,
    arguments: z.unknown(),
    result: z.unknown(),
    durationMs,
    error: text,
  })
  .openapi('SessionToolCall')

const sessionTurn = z
  .strictObject({
    runId: z.string(),
    traceId: z.string(),
    startedAt: time,
    durationMs,
    question: text,
    answer: text,
    model: text,
    costNanoUsd: nanoUsd,
    costUsd: usd,
    totalTokens: tokens,
    toolCalls: z.array(sessionToolCall),
    error: text,
    calls: z.array(callView),
  })
  .openapi('SessionTurn')

/** GET /api/sessions/:id. */
export const sessionAnswer = z
  .strictObject({ session: z.string(), totals, turns: z.array(sessionTurn) })
  .openapi('Session')

export type CallList = z.infer<typeof callList>
export type CallAnswer = z.infer<typeof callAnswer>
export type TraceAnswer = z.infer<typeof traceAnswer>
export type TraceList = z.infer<typeof traceList>
export type SessionRow = z.infer<typeof sessionRow>
export type SessionList = z.infer<typeof sessionList>
export type SessionTurn = z.infer<typeof sessionTurn>
export type SessionAnswer = z.infer<typeof sessionAnswer>
