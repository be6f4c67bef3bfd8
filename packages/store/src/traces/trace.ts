import type { StoredCall } from '../calls/call-row.ts'
import type { UsageTotals } from '../sums/usage-totals.ts'

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
