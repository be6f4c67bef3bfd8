import type { Call } from '@spanledger/core'
import type { StoredCall } from '@spanledger/store'
import type { Ledger } from '../../ledger/ledger.ts'

/** Returns the tool calls that belong to a call. */
export type ToolsOfCalls = (call: Call) => readonly Call[]

const PAGE = 1000
/** A server takes no more values of one filter. */
const MAX_TRACES = 100

/** Finds the tool calls of model calls and of runs. */
export async function toolsOfCalls(ledger: Ledger, calls: readonly StoredCall[]): Promise<ToolsOfCalls> {
  const byParent = new Map<string, Call[]>()
  const byRun = new Map<string, Call[]>()
  const owners = calls.filter((call) => call.kind !== 'tool')
  for await (const tool of toolCallsIn(ledger, [...new Set(owners.map((call) => call.trace_id))])) {
    if (tool.parent_span_id !== null) add(byParent, `${tool.trace_id}-${tool.parent_span_id}`, tool)
    add(byRun, `${tool.trace_id}-${tool.run_id}`, tool)
  }
  return (call) => {
    const id = `${call.trace_id}-${call.span_id}`
    return (call.kind === 'run' ? byRun : byParent).get(id) ?? []
  }
}

async function* toolCallsIn(ledger: Ledger, traces: readonly string[]): AsyncGenerator<StoredCall> {
  for (let start = 0; start < traces.length; start += MAX_TRACES) {
    const trace = traces.slice(start, start + MAX_TRACES)
    let cursor: string | undefined
    do {
      const page = await ledger.calls({ trace, kind: 'tool' }, { limit: PAGE, cursor })
      yield* page.calls
      cursor = page.next
    } while (cursor !== undefined)
  }
}

function add(groups: Map<string, Call[]>, key: string, call: Call): void {
  const group = groups.get(key)
  if (group === undefined) groups.set(key, [call])
  else group.push(call)
}
