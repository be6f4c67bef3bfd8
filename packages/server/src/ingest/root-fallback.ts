import { type Call, callId, LEAF_KINDS, priceCall, type PriceBook } from '@spanledger/core'

/** Runs of which no provider call has come. */
export interface RootFallback {
  /** Takes all that is known of some traces, settled: remembers their runs without a provider call, forgets the others. */
  observe(calls: readonly Call[]): void
  /** Gives back and forgets the runs whose traces have been quiet for so long, as calls that stand for what was lost. */
  takeQuiet(prices: PriceBook): Call[]
}

/** The flag on the cost of such a run. */
const ROOT_FALLBACK = 'root_fallback'

/** So long the calls of a trace may take to come. */
export const QUIET_MS = 5 * 60_000

// A kilobyte each. An application that sends only runs sends that many in five minutes at 30 a second; those beyond it
// stay without a cost.
const MOST_WAITING = 10_000

interface Waiting {
  readonly run: Call
  readonly since: number
}

/** `now` gives epoch milliseconds. */
export function createRootFallback(now: () => number): RootFallback {
  // In the order in which their traces were last heard of.
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

/** Takes the bill back from runs of which a provider call has come after all. Pure; gives the same call if it is right. */
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

/** Whether a call is a run that stands for provider calls that nobody saw. */
export function isFallback(call: Call): boolean {
  return call.kind === 'run' && call.billable === 1 && call.cost_flags?.includes(ROOT_FALLBACK) === true
}

// The outermost run alone: what lies in it may repeat its tokens.
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
