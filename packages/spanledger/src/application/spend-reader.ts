import { existsSync } from 'node:fs'
import { callId } from '@spanledger/core'
import type { CallFilter, UsageTotals } from '@spanledger/store'
import type { Database } from '../destination/destination.ts'

/** The sums of calls that `spend` needs. */
export type SpendTotals = Pick<
  UsageTotals,
  'calls' | 'costNanoUsd' | 'totalTokens' | 'unpricedCalls' | 'unknownUsageCalls' | 'openCalls'
>

/** Reads what a database or a server has stored. Every method rejects with a sentence if it cannot be read. */
export interface SpendReader {
  /** The sums of the calls of a filter. */
  totals(filter: CallFilter): Promise<SpendTotals>
  /** The ids of calls of a filter that are stored as open; at most 1,000. */
  openIds(filter: CallFilter): Promise<readonly string[]>
  /** Which of these calls are stored with their end. */
  endedAmong(ids: readonly string[]): Promise<ReadonlySet<string>>
  close(): Promise<void>
}

const MAX_OPEN = 1000
const NOTHING: SpendTotals = {
  calls: 0,
  costNanoUsd: null,
  totalTokens: null,
  unpricedCalls: 0,
  unknownUsageCalls: 0,
  openCalls: 0,
}

/** Opens a database for reading. A file that does not exist yet has no calls. */
export async function openSpendReader(database: Database): Promise<SpendReader> {
  if ('path' in database && !existsSync(database.path)) return EMPTY_READER
  // Imported here: most applications never need it.
  const { openStore } = await import('@spanledger/store')
  const store = await openStore({ ...('path' in database ? { path: database.path } : database), readOnly: true })
  return {
    totals: (filter) => store.summary(filter),
    async openIds(filter) {
      const { calls } = await store.calls({ ...filter, status: 'open' }, { limit: MAX_OPEN })
      return calls.filter(({ billable }) => billable === 1).map(callId)
    },
    async endedAmong(ids) {
      const ended = new Set<string>()
      for (const id of ids) {
        const call = await store.call(id)
        if (call !== undefined && call.status !== 'open') ended.add(id)
      }
      return ended
    },
    close: store.close,
  }
}

const EMPTY_READER: SpendReader = {
  totals: async () => NOTHING,
  openIds: async () => [],
  endedAmong: async () => new Set(),
  close: async () => {},
}
