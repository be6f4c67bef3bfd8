import { type Call, callId, LEAF_KINDS, type PriceBook, priceCall, ROOT_FALLBACK } from '@spanledger/core'

/** Remembers runs whose provider calls have not arrived, and bills those that stay that way. */
export interface RootFallback {
  /** Takes all calls of some traces, settled. Remembers their runs without a provider call, and forgets the others. */
  observe(calls: readonly Call[]): void
  /** Returns and forgets the runs whose traces have been quiet for `QUIET_MS`, billed in place of the lost calls. */
  takeQuiet(prices: PriceBook): Call[]
}

/** The flag on the cost of such a run. */

/** How long the calls of a trace may take to arrive. */
export const QUIET_MS = 5 * 60_000

// About a kilobyte each. An application that sends only runs, 30 a second, reaches this in five minutes; runs beyond it
// stay without a cost.
const MOST_WAITING = 10_000

interface Waiting {
  readonly run: Call
  readonly since: number
}

/** Makes an empty memory. `now` returns epoch milliseconds. */
export function createRootFallback(now: () => number): RootFallback {
  // In the order in which calls of their traces last arrived.
  const waiting = new Map<string, Waiting>()
  return {
    observe(calls) {
      const runsWithLeaves = runsOfLeaves(calls)
      for (const call of calls) {
        if (call.kind !== 'run') continue
        const id = callId(call)
        waiting.delete(id)
        if (!isUnbilled(call) || runsWithLeaves.has(runKey(call)) || waiting.size >= MOST_WAITING) continue
        waiting.set(id, { run: { ...call, content: null }, since: now() })
      }
    },
    takeQuiet(prices) {
      const quietSince = now() - QUIET_MS
      const taken: Call[] = []
      for (const [id, { run, since }] of waiting) {
        if (since > quietSince) break
        waiting.delete(id)
        taken.push(billed(run, prices))
      }
      return taken
    },
  }
}

/** Removes the cost from billed runs whose provider call has arrived after all. Pure; other calls are returned as they are. */
export function withoutFallbacks(calls: readonly Call[]): readonly Call[] {
  if (!calls.some(isFallback)) return calls
  const runsWithLeaves = runsOfLeaves(calls)
  return calls.map((call) => (isFallback(call) && runsWithLeaves.has(runKey(call)) ? { ...call, ...NO_BILL } : call))
}

const NO_BILL = {
  billable: 0,
  cost_nano_usd: null,
  cost_source: null,
  cost_flags: null,
  cost_reason: null,
  price_version: null,
} as const

/** Whether a call is a run that is billed in place of lost provider calls. */
export function isFallback(call: Call): boolean {
  return call.kind === 'run' && call.billable === 1 && call.cost_flags?.includes(ROOT_FALLBACK) === true
}

// Only the outermost run: the runs inside it may repeat its tokens.
function isUnbilled(call: Call): boolean {
  const hasEnded = call.status === 'ok' || call.status === 'error'
  return call.billable === 0 && call.run_id === call.span_id && call.usage_source !== 'none' && hasEnded
}

function runsOfLeaves(calls: readonly Call[]): Set<string> {
  return new Set(calls.filter((call) => LEAF_KINDS.has(call.kind)).map(runKey))
}

function runKey(call: Call): string {
  return `${call.trace_id}-${call.run_id}`
}

function billed(run: Call, prices: PriceBook): Call {
  const cost = priceCall(run, prices)
  return {
    ...run,
    billable: 1,
    cost_nano_usd: cost.costNanoUsd,
    cost_source: cost.source,
    cost_flags: [...cost.flags, ROOT_FALLBACK],
    cost_reason: cost.reason,
    price_version: cost.priceVersion,
  }
}
