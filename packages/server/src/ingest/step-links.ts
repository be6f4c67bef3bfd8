import { type Call, callId, createGenerations } from '@spanledger/core'
import type { Store, StepLink } from '@spanledger/store'

/**
 * Knows the parent of each step. Steps are not stored as calls, so without this a call whose step came with another batch
 * would never find its run. Links are stored with the calls that they came with, for a server that starts later and for others
 * on the same database; memory holds the newest.
 */
export interface StepLinks {
  /**
   * Adds the steps that came with `calls`. Resolves with the links to store together with `calls`, after reading the steps
   * that other servers have stored of the same traces. Links of traces without a call in `calls` are durable then, so a
   * call of such a trace is either found now or sees the link when it is stored.
   */
  add(steps: readonly Call[], calls: readonly Call[]): Promise<readonly StepLink[]>
  /** Returns the call with the parent of its steps as its parent; the same call if it is below no known step. */
  fold(call: Call): Call
  /** How many steps are known of the traces of calls that are about to be stored; for `overtaken`. */
  known(calls: readonly Call[]): KnownSteps
  /**
   * To be called after `calls` and the steps that came with them were stored. Returns a call of each trace that must be
   * settled again, because one of its steps arrived in between, here or at another server. When two servers take parts of a
   * trace at once, each stores its own part first and then looks for the other's, so the last one sees both.
   */
  overtaken(calls: readonly Call[], steps: readonly Call[], known: KnownSteps): Promise<readonly Call[]>
}

/** How many steps were known, by trace. */
export type KnownSteps = ReadonlyMap<string, number>

/** The part of a store that holds steps. */
export type StepLinkStore = Pick<Store, 'keepStepLinks' | 'stepLinks' | 'forgetStepLinks'>

type TraceSteps = Map<string, string>

// Some 200 bytes each.
const GENERATION = 10_000

// Longer than the spans of a trace take to arrive.
const KEPT_MS = 60 * 60_000
const FORGET_EVERY_MS = 10 * 60_000

/** Makes links that are stored in `store`. `now` returns epoch milliseconds. */
export function createStepLinks(store: StepLinkStore, now: () => number): StepLinks {
  const memory = createLinkMemory()
  let forgottenAt = now()

  function fold(call: Call): Call {
    const { trace_id: traceId, parent_span_id: direct } = call
    if (direct === null) return call
    const seen = new Set<string>()
    let parentId = direct
    for (let next = memory.above(traceId, parentId); next !== undefined && !seen.has(next);) {
      seen.add(next)
      parentId = next
      next = memory.above(traceId, next)
    }
    return parentId === direct ? call : { ...call, parent_span_id: parentId }
  }

  // Traces with a call in `some` whose parent neither came with it nor is a known step.
  function openTraces(some: readonly Call[], calls: readonly Call[]): Set<string> {
    const here = new Set(calls.map(callId))
    const open = new Set<string>()
    for (const call of some) {
      const { parent_span_id: parentId, trace_id: traceId } = fold(call)
      if (parentId !== null && !here.has(`${traceId}-${parentId}`)) open.add(traceId)
    }
    return open
  }

  async function learn(traceIds: ReadonlySet<string>): Promise<void> {
    if (traceIds.size === 0) return
    for (const link of await store.stepLinks([...traceIds])) memory.add(link)
  }

  // Called with new steps, and does something only now and then.
  async function forgetOld(): Promise<void> {
    if (now() - forgottenAt < FORGET_EVERY_MS) return
    forgottenAt = now()
    await store.forgetStepLinks(now() - KEPT_MS)
  }

  return {
    async add(steps, calls) {
      // A step without a parent leads to no run.
      const links = steps.flatMap(({ trace_id: traceId, span_id: spanId, parent_span_id: parentId }) =>
        parentId === null ? [] : [{ traceId, spanId, parentId }],
      )
      if (links.length === 0) return links
      for (const link of links) memory.add(link)
      const fresh = new Set(calls.map((call) => call.trace_id))
      const alone = links.filter(({ traceId }) => !fresh.has(traceId))
      if (alone.length > 0) await store.keepStepLinks(alone)
      await learn(openTraces(steps, calls))
      await forgetOld()
      return alone.length === 0 ? links : links.filter(({ traceId }) => fresh.has(traceId))
    },
    fold,
    known: (calls) => new Map(calls.map(({ trace_id: traceId }) => [traceId, memory.count(traceId)])),
    async overtaken(calls, steps, known) {
      const open = openTraces([...calls, ...steps], calls)
      const own = Map.groupBy(steps, (step) => step.trace_id)
      // Steps that came before were used for the stored rows, but there may be more.
      for (const { trace_id: traceId } of calls) {
        if (memory.count(traceId) > (own.get(traceId)?.length ?? 0)) open.add(traceId)
      }
      await learn(open)
      const again = new Map<string, Call>()
      for (const call of calls) {
        if (memory.count(call.trace_id) !== known.get(call.trace_id)) again.set(call.trace_id, call)
      }
      return [...again.values()]
    },
  }
}

interface LinkMemory {
  add(link: StepLink): void
  above(traceId: string, spanId: string): string | undefined
  /** How many steps of a trace memory holds. */
  count(traceId: string): number
}

function createLinkMemory(): LinkMemory {
  const traces = createGenerations(GENERATION, () => new Map<string, TraceSteps>())

  function above(traceId: string, spanId: string): string | undefined {
    return traces.young.get(traceId)?.get(spanId) ?? traces.old.get(traceId)?.get(spanId)
  }

  return {
    add({ traceId, spanId, parentId }) {
      if (above(traceId, spanId) === parentId) return
      traces.makeRoom()
      let steps = traces.young.get(traceId)
      if (steps === undefined) traces.young.set(traceId, (steps = new Map()))
      steps.set(spanId, parentId)
    },
    above,
    count: (traceId) => (traces.young.get(traceId)?.size ?? 0) + (traces.old.get(traceId)?.size ?? 0),
  }
}
