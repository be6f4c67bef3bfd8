import type { Call } from '@spanledger/core'

/**
 * Remembers which step stands under which span: steps make no row, so without this a call whose step came with another
 * batch would never find its run. Forgets the oldest ones.
 */
export interface StepLinks {
  add(step: Call): void
  /** The call below what its steps stand under: the very same one if it is below none that is known. */
  fold(call: Call): Call
}

type TraceSteps = Map<string, string>

// Some 200 bytes each. A generation is forgotten at a time.
const GENERATION = 25_000

export function createStepLinks(): StepLinks {
  let young = new Map<string, TraceSteps>()
  let old = new Map<string, TraceSteps>()
  let count = 0

  function above(traceId: string, spanId: string): string | undefined {
    return young.get(traceId)?.get(spanId) ?? old.get(traceId)?.get(spanId)
  }

  return {
    add({ trace_id: traceId, span_id: spanId, parent_span_id: parentId }) {
      // What is below a step without a parent has no run either.
      if (parentId === null) return
      if (count >= GENERATION) {
        old = young
        young = new Map()
        count = 0
      }
      let steps = young.get(traceId)
      if (steps === undefined) young.set(traceId, (steps = new Map()))
      if (!steps.has(spanId)) count += 1
      steps.set(spanId, parentId)
    },
    fold(call) {
      const { trace_id: traceId, parent_span_id: direct } = call
      if (direct === null || (!young.has(traceId) && !old.has(traceId))) return call
      const seen = new Set<string>()
      let parentId = direct
      for (let next = above(traceId, parentId); next !== undefined && !seen.has(next); next = above(traceId, next)) {
        seen.add(next)
        parentId = next
      }
      return parentId === direct ? call : { ...call, parent_span_id: parentId }
    },
  }
}
