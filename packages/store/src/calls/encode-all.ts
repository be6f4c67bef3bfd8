import type { Call } from '@spanledger/core'
import { encodeCall, type EncodedCall } from './call-row.ts'
import type { RejectedCall } from './writing.ts'

/** A call that fits, as it was given and as the database takes it. */
export interface GoodCall {
  readonly call: Call
  readonly encoded: EncodedCall
}

/**
 * Parts the calls that fit from those that no database takes. All before the transaction: it holds its locks for a
 * shorter time, and going back and forth between the two takes longer than one after the other.
 */
export function encodeAll(calls: readonly Call[]): { readonly good: GoodCall[]; readonly bad: RejectedCall[] } {
  const good: GoodCall[] = []
  const bad: RejectedCall[] = []
  for (const call of calls) {
    const encoded = encodeCall(call)
    if ('reason' in encoded) bad.push({ call, reason: encoded.reason })
    else good.push({ call, encoded })
  }
  return { good, bad }
}
