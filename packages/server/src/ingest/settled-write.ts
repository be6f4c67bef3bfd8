import { type Call, callId } from '@spanledger/core'
import type { Store, WriteResult } from '@spanledger/store'
import type { WriteCalls } from './batch-writer.ts'
import type { CallMeter } from './call-meter.ts'
import type { IngestCounters } from './ingest-counters.ts'
import type { CallSettler } from './settle-calls.ts'

export interface SettledWriteOptions {
  readonly store: Pick<Store, 'write'>
  readonly settler: CallSettler
  readonly meter: CallMeter
  readonly counters: IngestCounters
  /** Calls that are written once more only so that their trace is settled. They are not counted as received. */
  readonly repeated: WeakSet<Call>
}

/** Makes the function that stores a transaction's worth of calls, settled with the rest of their traces, and counts them. */
export function createSettledWrite({ store, settler, meter, counters, repeated }: SettledWriteOptions): WriteCalls {
  return async (calls, links) => {
    const settled = settler.settle(calls)
    const result = await store.write(settled, { settle: settler.settleStored, links })
    const received = calls.filter((call) => !repeated.has(call))
    meter.add(withoutRefused(settled, result))
    counters.written(received, {
      ...result,
      deduplicated: result.deduplicated - (calls.length - received.length),
    })
    return result
  }
}

function withoutRefused(calls: readonly Call[], { rejected }: WriteResult): readonly Call[] {
  if (rejected.length === 0) return calls
  const refused = new Set(rejected.map(({ call }) => callId(call)))
  return calls.filter((call) => !refused.has(callId(call)))
}
