import type { Trace, TraceSearch, TraceSummary } from './trace.ts'
import type { TwinCalls } from './twin-calls.ts'

/** Reads calls by trace. */
export interface TraceStore {
  /** The calls of a trace as a tree; undefined if it has no calls. */
  trace(traceId: string): Promise<Trace | undefined>

  /** The traces whose id starts with a text, in the order of their ids; none if it is not hexadecimal. */
  traces(search: TraceSearch): Promise<readonly TraceSummary[]>

  /**
   * Finds calls that were counted twice between two times (epoch milliseconds, `to` excluded): billable calls of one trace
   * that report the same response id and overlap in time, as when two instrumentations record one call. The most frequent
   * pairs come first, at most 10; empty if no call was counted twice.
   */
  twinCalls(time: { readonly from: number; readonly to: number }): Promise<readonly TwinCalls[]>
}
