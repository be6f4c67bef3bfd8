import { type Call, type CallContent, EMPTY_CONTENT, emptyCall } from '@spanledger/core'

/** A billable model call; a test names what matters to it. */
export function buildCall(columns: Partial<Call> = {}): Call {
  const ids = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: columns.span_id ?? 'b7ad6b7169203331' }
  return { ...emptyCall(ids, 1_760_000_000_000), kind: 'model', billable: 1, ...columns }
}

/** What was said, all of it unknown but what the test names. */
export function buildContent(parts: Partial<CallContent> = {}): CallContent {
  return { ...EMPTY_CONTENT, ...parts }
}
