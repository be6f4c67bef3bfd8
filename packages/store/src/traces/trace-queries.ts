import { type Kysely, sql } from 'kysely'
import { fromRow, type StoredCall } from '../calls/call-row.ts'
import type { TraceNode } from './trace.ts'
import type { TraceStore } from './trace-store.ts'
import type { CallRow, Tables } from '../sql/tables.ts'
import type { UsageAsker } from '../usage/usage-asker.ts'
import { NO_SUMS, toUsageTotals } from '../sums/usage-totals.ts'

const MAX_CALLS = 10_000

/** Reads one trace. */
export function createTraceQueries(db: Kysely<Tables>, asker: UsageAsker): Pick<TraceStore, 'trace'> {
  return {
    async trace(traceId) {
      const id = traceId.toLowerCase()
      const query = sql<CallRow>`
        select calls.* from calls where calls.trace_id = ${id}
        order by calls.started_at, calls.ingest_seq limit ${MAX_CALLS}`
      const calls = (await query.execute(db)).rows.map(fromRow)
      const [first] = calls
      if (first === undefined) return undefined
      const ends = calls.map((call) => call.ended_at).filter((end) => end !== null)
      const sums = (await asker.sums({ trace: id }, undefined)).get(null) ?? NO_SUMS
      return {
        traceId: id,
        startedAt: first.started_at,
        endedAt: ends.length === 0 ? null : ends.reduce((a, b) => Math.max(a, b)),
        totals: toUsageTotals(sums),
        roots: rootsOf(calls),
      }
    },
  }
}

interface GrowingNode extends TraceNode {
  readonly children: GrowingNode[]
}

function rootsOf(calls: readonly StoredCall[]): TraceNode[] {
  const nodes = new Map(calls.map((call): [string, GrowingNode] => [call.span_id, { call, children: [] }]))
  const isInTree = new Set<GrowingNode>()
  const roots: GrowingNode[] = []
  for (const node of nodes.values()) {
    const parent = parentOf(node, nodes)
    if (parent === undefined || isBelowItself(node, nodes, isInTree)) roots.push(node)
    else parent.children.push(node)
    isInTree.add(node)
  }
  return roots
}

function parentOf({ call }: GrowingNode, nodes: ReadonlyMap<string, GrowingNode>): GrowingNode | undefined {
  return call.parent_span_id === null ? undefined : nodes.get(call.parent_span_id)
}

// Clients may send calls that are each other's parents. The first one visited becomes the root.
function isBelowItself(
  node: GrowingNode,
  nodes: ReadonlyMap<string, GrowingNode>,
  isInTree: ReadonlySet<GrowingNode>,
): boolean {
  const seen = new Set<GrowingNode>([node])
  let above = parentOf(node, nodes)
  while (above !== undefined && !isInTree.has(above)) {
    if (above === node) return true
    if (seen.has(above)) return false // a cycle further up, which is cut where it is found
    seen.add(above)
    above = parentOf(above, nodes)
  }
  return false
}
