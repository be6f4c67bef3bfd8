import type { Call } from '../call/call.ts'
import type { CallStatus } from '../call/call-words.ts'
import type { SpanLike } from '../span/span-like.ts'
import { toCall } from './to-call.ts'

/** The status of a call without an end. */
export type OpenStatus = Extract<CallStatus, 'open' | 'aborted' | 'abandoned' | 'crashed'>

/**
 * The row of a converted span that has started but not ended: known at its start, with unknown tokens and cost. If the
 * end arrives later, `mergeCall` prefers it.
 */
export function toOpenCall(span: SpanLike, status: OpenStatus): Call | undefined {
  const call = toCall(span)
  if (call === undefined) return undefined
  return { ...call, status, ended_at: null, duration_ms: null, cost_reason: call.cost_reason ?? 'no_usage' }
}
