import type { Call } from '@spanledger/core'
import { encodeCall, type EncodedCall } from './call-row.ts'
import type { RejectedCall } from './writing.ts'

/** A valid call, as received and as stored. */
export interface GoodCall {
  readonly call: Call
  readonly encoded: EncodedCall
}

/**
 * Separates valid calls from those that no database can hold. Runs before the transaction, which therefore holds its
 * locks for a shorter time; alternating between the two is also slower.
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
