import type { TraceNode as StoredNode } from '@spanledger/store'
import { toCallView } from './call-view.ts'
import type { TraceNode } from './schemas/call-answers.ts'

// Agents that call each other without end are drawn flat from here on: no reader goes deeper, and JSON has its limits.
const MAX_DEPTH = 100

/** The tree of a trace as the API shows it; of one project only, where that is all that may be seen. */
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
