import type { Call, CallStatus } from '../call/call.ts'
import type { SpanLike } from '../span/span-like.ts'
import { toCall } from './to-call.ts'

/** How a call can stand that has no end. */
export type OpenStatus = Extract<CallStatus, 'open' | 'aborted' | 'abandoned' | 'crashed'>

/**
 * The row of a converted span that has started and not ended: what was known at its start, tokens and cost unknown.
 * When the end comes after all, `mergeCall` lets it win.
 */
export function toOpenCall(span: SpanLike, status: OpenStatus): Call | undefined {
  const call = toCall(span)
  if (call === undefined) return undefined
  return { ...call, status, ended_at: null, duration_ms: null, cost_reason: call.cost_reason ?? 'no_usage' }
}
