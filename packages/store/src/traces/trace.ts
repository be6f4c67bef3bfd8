import type { StoredCall } from '../calls/call-row.ts'
import type { UsageTotals } from '../sums/usage-totals.ts'

/** A trace among others. */
export interface TraceSummary {
  readonly traceId: string
  /** When its first call started, epoch milliseconds. */
  readonly startedAt: number
  /** Rows of the trace: calls, tools and runs. */
  readonly rows: number
}

/** Which traces to find. */
export interface TraceSearch {
  /** The first characters of a trace id, in any case. */
  readonly prefix: string
  /** 1 to 1,000; 100 by default. */
  readonly limit?: number | undefined
  /** Only rows of this project. */
  readonly project?: string | undefined
}

/** A trace: its calls as a tree. */
export interface Trace {
  readonly traceId: string
  readonly startedAt: number
  /** NULL if none of its calls has ended. */
  readonly endedAt: number | null
  readonly totals: UsageTotals
  /** Calls whose parent is not stored. Like all siblings, they are in order of their start. */
  readonly roots: readonly TraceNode[]
}

/** A call of a trace, without content, and the calls it made. */
export interface TraceNode {
  readonly call: StoredCall
  readonly children: readonly TraceNode[]
}
