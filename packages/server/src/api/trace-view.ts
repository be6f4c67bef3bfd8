import type { TraceNode as StoredNode } from '@spanledger/store'
import { toCallView } from './call-view.ts'
import type { TraceNode } from './schemas/call-answers.ts'

// Deeper calls, as of agents in an endless loop, are flat: nobody reads further, and JSON nesting has limits.
const MAX_DEPTH = 100

/** Converts the tree of a trace for the API, limited to `project` if set. */
export function toTree(nodes: readonly StoredNode[], project: string | undefined, depth = 1): TraceNode[] {
  return nodes.flatMap((node) => {
    if (depth >= MAX_DEPTH) return flat(node, project)
    const children = toTree(node.children, project, depth + 1)
    return isSeen(node, project) ? [{ call: toCallView(node.call), children }] : children
  })
}

function flat(top: StoredNode, project: string | undefined): TraceNode[] {
  const nodes: TraceNode[] = []
  const waiting = [top]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (isSeen(node, project)) nodes.push({ call: toCallView(node.call), children: [] })
    waiting.push(...node.children)
  }
  return nodes
}

function isSeen({ call }: StoredNode, project: string | undefined): boolean {
  return project === undefined || call.project_id === project
}
