import { type Kysely, sql } from 'kysely'
import { fromRow, type StoredCall } from '../calls/call-row.ts'
import type { TraceNode, TraceSummary } from './trace.ts'
import type { TraceStore } from './trace-store.ts'
import { checkLimit } from '../sql/check-limit.ts'
import type { CallRow, Tables } from '../sql/tables.ts'
import type { UsageAsker } from '../usage/usage-asker.ts'
import { NO_SUMS, toUsageTotals } from '../sums/usage-totals.ts'

const MAX_CALLS = 10_000
const DEFAULT_TRACES = 100
const MAX_TRACES = 1000

/** Reads one trace, and finds traces by their id. */
export function createTraceQueries(db: Kysely<Tables>, asker: UsageAsker): Pick<TraceStore, 'trace' | 'traces'> {
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

    async traces({ prefix, limit = DEFAULT_TRACES, project }) {
      checkLimit(limit, MAX_TRACES, 'traces')
      const first = prefix.toLowerCase()
      if (!/^[\da-f]{1,32}$/.test(first)) return []
      const ofProject = project === undefined ? sql`` : sql`and calls.project_id = ${project}`
      // Every hexadecimal digit comes before "g", so this reads one range of the index.
      const query = sql<TraceSummary>`
        select calls.trace_id as "traceId", min(calls.started_at) as "startedAt", count(*) as "rows"
        from calls where calls.trace_id >= ${first} and calls.trace_id < ${`${first}g`} ${ofProject}
        group by calls.trace_id order by calls.trace_id limit ${limit}`
      const { rows } = await query.execute(db)
      return rows.map((trace) => ({ ...trace }))
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
