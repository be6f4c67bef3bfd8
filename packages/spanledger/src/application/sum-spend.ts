import type { CallFilter } from '@spanledger/store'
import type { OpenLedger } from '../sink/open-ledgers.ts'
import { type CallsById, openCallsOf, waitingCallsOf } from './local-calls.ts'
import type { SpendReader, SpendTotals } from './spend-reader.ts'

/** The known cost of calls. */
export interface Spend {
  /** USD; 0 if no call has a known cost. */
  readonly costUsd: number
  /** The same, exact. */
  readonly costNanoUsd: number
  /** Calls that have ended. */
  readonly calls: number
  readonly totalTokens: number
  /** Calls of unknown cost, open ones included: if there are any, `costUsd` is too low. */
  readonly unknownCostCalls: number
  /** Calls that have started and not ended: those of this process, and those that a database has as open. */
  readonly openCalls: number
  /** How many of `calls` have ended in this process and are not stored yet. */
  readonly waitingCalls: number
}

/** What is stored, and what this process has that is not stored, at one moment. */
interface Moment {
  readonly totals: SpendTotals
  /** Ids of calls that are stored as open. */
  readonly storedOpen: readonly string[]
  readonly waiting: CallsById
  readonly open: CallsById
}

const TRIES = 5

/** Adds up what is stored and what these usage logs of this process have that is not stored. Each call counts once. */
export async function sumSpend(
  reader: SpendReader,
  ledgers: readonly OpenLedger[],
  filter: CallFilter,
): Promise<Spend> {
  for (let left = TRIES; ; left -= 1) {
    const { moment, isExact } = await lookAt(reader, ledgers, filter)
    // After the last try a call that was stored meanwhile counts twice: too much, never too little.
    if (isExact || left === 1) return toSpend(moment)
  }
}

// A call may be stored, or end, while we look. Then we look again, because it may or may not be in the sums.
async function lookAt(
  reader: SpendReader,
  ledgers: readonly OpenLedger[],
  filter: CallFilter,
): Promise<{ readonly moment: Moment; readonly isExact: boolean }> {
  const ended = waitingCallsOf(ledgers, filter)
  const open = openCallsOf(ledgers, filter)
  const ids = [...ended.keys()]
  const before = await reader.endedAmong(ids)
  const totals = await reader.totals(filter)
  const storedOpen = totals.openCalls === 0 ? [] : await reader.openIds(filter)
  const after = await reader.endedAmong(ids)
  const stillOpen = openCallsOf(ledgers, filter)
  return {
    moment: { totals, storedOpen, open, waiting: new Map([...ended].filter(([id]) => !before.has(id))) },
    isExact: after.size === before.size && [...open.keys()].every((id) => stillOpen.has(id)),
  }
}

function toSpend({ totals, storedOpen, waiting, open }: Moment): Spend {
  const calls = [...waiting.values()]
  const isOpen = new Set([...storedOpen, ...open.keys()])
  const openCalls = totals.openCalls - storedOpen.length + [...isOpen].filter((id) => !waiting.has(id)).length
  const costNanoUsd = calls.reduce((sum, call) => sum + (call.cost_nano_usd ?? 0), totals.costNanoUsd ?? 0)
  const unknownCost = calls.filter((call) => call.cost_nano_usd === null).length
  // The sums of a store count open calls among the calls, and their usage is unknown.
  const ended = totals.calls - totals.openCalls
  const endedOfUnknownCost = totals.unpricedCalls + totals.unknownUsageCalls - totals.openCalls
  return {
    costUsd: costNanoUsd / 1e9,
    costNanoUsd,
    calls: ended + calls.length,
    totalTokens: calls.reduce((sum, call) => sum + (call.total_tokens ?? 0), totals.totalTokens ?? 0),
    unknownCostCalls: endedOfUnknownCost + unknownCost + openCalls,
    openCalls,
    waitingCalls: calls.length,
  }
}
