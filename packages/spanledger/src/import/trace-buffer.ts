import type { Call } from '@spanledger/core'

/** Keeps calls until their traces are probably complete: children end before their parents. */
export interface TraceBuffer {
  readonly size: number
  add(call: Call): void
  /** Removes and returns whole traces, the longest quiet first, until `left` calls remain. */
  take(left: number): Call[]
}

export function createTraceBuffer(): TraceBuffer {
  // Ordered by the last call added to each trace.
  const traces = new Map<string, Call[]>()
  let size = 0
  return {
    get size() {
      return size
    },
    add(call) {
      const trace = traces.get(call.trace_id) ?? []
      trace.push(call)
      traces.delete(call.trace_id)
      traces.set(call.trace_id, trace)
      size += 1
    },
    take(left) {
      const taken: Call[][] = []
      for (const [traceId, trace] of traces) {
        if (size <= left) break
        traces.delete(traceId)
        taken.push(trace)
        size -= trace.length
      }
      return taken.flat()
    },
  }
}
