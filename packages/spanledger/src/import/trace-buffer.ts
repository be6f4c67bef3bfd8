import type { Call } from '@spanledger/core'

/** Calls of spans, held until their traces are likely to be complete: children come before their parents. */
export interface TraceBuffer {
  readonly size: number
  add(call: Call): void
  /** Gives back and forgets whole traces, those first that have been quiet the longest, until `left` calls are left. */
  take(left: number): Call[]
}

export function createTraceBuffer(): TraceBuffer {
  // In the order in which the traces were last added to.
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
