import type { Trace } from './trace.ts'
import type { TwinCalls } from './twin-calls.ts'

/** Reads calls by trace. */
export interface TraceStore {
  /** The calls of a trace as a tree; undefined if there are none. */
  trace(traceId: string): Promise<Trace | undefined>

  /**
   * Finds what was counted twice between two times (epoch milliseconds, `to` excluded): billable calls of one trace that
   * report the same response id and overlap in time, as happens when two instrumentations record one call. The most
   * frequent pairs come first; empty if nothing was counted twice.
   */
  twinCalls(time: { readonly from: number; readonly to: number }): Promise<readonly TwinCalls[]>
}
