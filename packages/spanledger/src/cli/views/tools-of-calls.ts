import type { Call } from '@spanledger/core'
import type { Store, StoredCall } from '@spanledger/store'

/** Returns the tool calls that belong to a call. */
export type ToolsOfCalls = (call: Call) => readonly Call[]

const PAGE = 1000

/** Finds the tool calls of model calls and of runs. */
export async function toolsOfCalls(store: Store, calls: readonly StoredCall[]): Promise<ToolsOfCalls> {
  const byParent = new Map<string, Call[]>()
  const byRun = new Map<string, Call[]>()
  const owners = calls.filter((call) => call.kind !== 'tool')
  for await (const tool of toolCallsIn(store, [...new Set(owners.map((call) => call.trace_id))])) {
    if (tool.parent_span_id !== null) add(byParent, `${tool.trace_id}-${tool.parent_span_id}`, tool)
    add(byRun, `${tool.trace_id}-${tool.run_id}`, tool)
  }
  return (call) => {
    const id = `${call.trace_id}-${call.span_id}`
    return (call.kind === 'run' ? byRun : byParent).get(id) ?? []
  }
}

async function* toolCallsIn(store: Store, traces: readonly string[]): AsyncGenerator<StoredCall> {
  if (traces.length === 0) return
  let cursor: string | undefined
  do {
    const page = await store.calls({ trace: traces, kind: 'tool' }, { limit: PAGE, cursor })
    yield* page.calls
    cursor = page.next
  } while (cursor !== undefined)
}

function add(groups: Map<string, Call[]>, key: string, call: Call): void {
  const group = groups.get(key)
  if (group === undefined) groups.set(key, [call])
  else group.push(call)
}
