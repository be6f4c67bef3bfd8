import type { Call } from './call.ts'
import { mergedBy } from './column-names.ts'
import { CALL_COLUMNS } from './column-table.ts'
import { coveredMs } from './covered-time.ts'
import { nullsOf } from './empty-call.ts'
import { uniteTags } from './attribution.ts'

/**
 * Derives what only the trace knows: the run, the nearest AI parent, the model call that requested a tool, tool time,
 * wrapper or leaf, and what a call inherits from above. Accepts the calls of any number of traces in any order,
 * including steps, and returns them settled, without the steps. Pure and idempotent; calls that a process has already
 * settled do not change.
 *
 * A missing parent may still arrive: until then the call is its own run, or keeps its run.
 */
export function settleTrace(calls: readonly Call[]): Call[] {
  const traces = tracesOf(calls)
  const settled: Call[] = []
  for (const call of calls) {
    const trace = traces.get(call.trace_id)
    if (trace !== undefined && call.kind !== 'step') settleCall(trace, call)
  }
  for (const call of calls) {
    const found = traces.get(call.trace_id)?.settled.get(call.span_id)
    if (found !== undefined) settled.push(found)
  }
  return settled
}

interface Trace {
  readonly byId: Map<string, Call>
  /** By parent id. */
  readonly children: Map<string, Call[]>
  readonly settled: Map<string, Call>
  /** Calls being settled or already settled, so that a cycle of parents ends. */
  readonly begun: Set<string>
}

// Grouped by trace first: keys joined from two ids would have to be built for every lookup.
function tracesOf(calls: readonly Call[]): ReadonlyMap<string, Trace> {
  const traces = new Map<string, Trace>()
  for (const call of calls) {
    let trace = traces.get(call.trace_id)
    if (trace === undefined) {
      trace = { byId: new Map(), children: new Map(), settled: new Map(), begun: new Set() }
      traces.set(call.trace_id, trace)
    }
    trace.byId.set(call.span_id, call)
    if (call.parent_span_id === null) continue
    const siblings = trace.children.get(call.parent_span_id)
    if (siblings === undefined) trace.children.set(call.parent_span_id, [call])
    else siblings.push(call)
  }
  return traces
}

function settleCall(trace: Trace, call: Call): Call {
  const done = trace.settled.get(call.span_id)
  if (done !== undefined) return done
  trace.begun.add(call.span_id)
  const parentId = parentOf(trace, call)
  const parent = parentId === null ? undefined : trace.byId.get(parentId)
  const isAbove = parent !== undefined && (trace.settled.has(parent.span_id) || !trace.begun.has(parent.span_id))
  const settledParent = isAbove ? settleCall(trace, parent) : undefined
  const own = withOwnTrace(trace, parentId === call.parent_span_id ? call : { ...call, parent_span_id: parentId })
  const settled = settledParent === undefined ? own : inherit(own, settledParent)
  trace.settled.set(call.span_id, settled)
  return settled
}

/** The nearest call above that is not a step; for a tool, the model call that requested it. */
function parentOf(trace: Trace, call: Call): string | null {
  const direct = call.parent_span_id
  if (direct === null) return null
  const seen = new Set<string>()
  let parentId: string | null = direct
  let parent = trace.byId.get(direct)
  while (parent?.kind === 'step' && parent.parent_span_id !== null && !seen.has(parent.span_id)) {
    seen.add(parent.span_id)
    parentId = parent.parent_span_id
    parent = trace.byId.get(parentId)
  }
  if (call.kind !== 'tool' || (parent !== undefined && parent.kind !== 'run')) return parentId
  return askerOf(trace.children.get(direct) ?? [], call) ?? parentId
}

// Steps of a run follow each other, so the last model call that started before the tool requested it. Rows hold whole
// milliseconds, so a quick tool may seem to start together with the next model call.
function askerOf(siblings: readonly Call[], tool: Call): string | undefined {
  const models = siblings.filter((sibling) => sibling.kind === 'model')
  const before = models.filter((model) => model.started_at < tool.started_at)
  const candidates = before.length > 0 ? before : models.filter((model) => model.started_at === tool.started_at)
  let asker: Call | undefined
  for (const model of candidates) if (asker === undefined || startsLater(model, asker)) asker = model
  return asker?.span_id
}

function startsLater(call: Call, other: Call): boolean {
  return call.started_at > other.started_at || (call.started_at === other.started_at && call.span_id > other.span_id)
}

function withOwnTrace(trace: Trace, call: Call): Call {
  const children = trace.children.get(call.span_id) ?? []
  // A run is billable only if its provider calls were lost; another run below it does not change that.
  const isWrapper = call.billable === 1 && call.kind !== 'run' && children.some((child) => child.kind === call.kind)
  if (isWrapper) return asWrapper(call)
  return call.kind === 'model' && includesToolTime(call) ? withoutToolTime(call, children) : call
}

// Two nested calls of one kind: the inner one has the tokens and the cost, the outer one repeats them.
function asWrapper(call: Call): Call {
  const name = call.call_type === null ? call.name : `invoke_workflow ${call.call_type.toLowerCase()}`
  return { ...call, ...NO_LEAF, kind: 'run', billable: 0, call_type: 'INVOKE_WORKFLOW', name }
}

const USAGE = mergedBy(CALL_COLUMNS, 'tokens', 'money')
const NO_LEAF = {
  streaming: null,
  ...nullsOf<Pick<Call, (typeof USAGE)[number]>>(USAGE),
  usage_source: 'none',
} as const

// Model spans of AI SDK 7 end before their tools run; those of earlier versions and of its legacy names stay open.
function includesToolTime(call: Call): boolean {
  return call.sdk === 'ai-legacy' || (call.sdk === 'ai' && !(call.sdk_version ?? '').startsWith('7'))
}

function withoutToolTime(call: Call, children: readonly Call[]): Call {
  const { ended_at: endedAt, started_at: startedAt } = call
  if (endedAt === null || call.duration_ms === null) return call
  const tools = children.flatMap((child) =>
    child.kind === 'tool' && child.ended_at !== null ? [{ startMs: child.started_at, endMs: child.ended_at }] : [],
  )
  const settledMs = endedAt - startedAt - coveredMs(tools, { startMs: startedAt, endMs: endedAt })
  // Rows hold whole milliseconds: a process's finer measurement within 2 ms is kept.
  return call.duration_ms <= settledMs + 2 ? call : { ...call, duration_ms: Math.max(0, settledMs) }
}

// Returns the same object if there is nothing to inherit: settled rows are settled again and again.
function inherit(call: Call, parent: Call): Call {
  const inherited = {
    run_id: parent.run_id,
    operation: call.operation ?? parent.operation,
    request_id: call.request_id ?? parent.request_id,
    project_id: call.project_id ?? parent.project_id,
    user_id: call.user_id ?? parent.user_id,
    session_id: call.session_id ?? parent.session_id,
    company_id: call.company_id ?? parent.company_id,
    task_id: call.task_id ?? parent.task_id,
    tags: tagsOf(call, parent),
    metadata: metadataOf(call, parent),
  }
  for (const name in inherited) {
    const column = name as keyof typeof inherited // an own key of `inherited`
    if (inherited[column] !== call[column]) return { ...call, ...inherited }
  }
  return call
}

function tagsOf(call: Call, parent: Call): Call['tags'] {
  if (!call.tags || !parent.tags) return call.tags ?? parent.tags
  const tags = uniteTags(call.tags, parent.tags) ?? null
  return tags?.length === call.tags.length && tags.every((tag, index) => tag === call.tags?.[index]) ? call.tags : tags
}

function metadataOf({ metadata: own }: Call, { metadata: above }: Call): Call['metadata'] {
  if (!own || !above) return own ?? above
  for (const name in above) if (!Object.hasOwn(own, name)) return { ...above, ...own }
  return own
}
