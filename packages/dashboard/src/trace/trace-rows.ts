import type { CallView, TraceAnswer, TraceNode } from '@spanledger/server/api'
import { countOf, UNKNOWN } from '../format/numbers.ts'
import { formatMoney } from '../format/money.ts'

/** A span as a line of the waterfall. */
export interface TraceRow {
  readonly call: CallView
  readonly depth: number
  /** The id of the span above; missing for a root. */
  readonly parent: string | undefined
  /** Its place among its siblings, from 1. */
  readonly place: number
  readonly siblings: number
  readonly hasChildren: boolean
  /** Milliseconds since the start of the trace. */
  readonly start: number
  readonly end: number
  readonly sums: SpanSums
}

/** What a span and all below it used. Only billable calls count, so nothing counts twice. */
export interface SpanSums {
  readonly billed: number
  readonly tokens: number | null
  readonly costNanoUsd: number | null
  readonly unpriced: number
  /** Failed spans, of any kind. */
  readonly errors: number
}

/** Every span of a trace, each below what called it. */
export function toRows(trace: TraceAnswer): readonly TraceRow[] {
  const rows: TraceRow[] = []
  const now = latestTime(trace)
  const add = (nodes: readonly TraceNode[], depth: number, parent: string | undefined): readonly SpanSums[] =>
    nodes.map(({ call, children }, index) => {
      const at = rows.length
      const row = {
        call,
        depth,
        parent,
        place: index + 1,
        siblings: nodes.length,
        hasChildren: children.length > 0,
        start: call.startedAt - trace.startedAt,
        end: (call.endedAt ?? (call.durationMs === null ? now : call.startedAt + call.durationMs)) - trace.startedAt,
        sums: ownSums(call),
      }
      rows.push(row)
      const sums = [row.sums, ...add(children, depth + 1, call.id)].reduce(addSums)
      rows[at] = { ...row, sums }
      return sums
    })
  add(trace.root, 0, undefined)
  return rows
}

/** The rows that are left when the spans below some are hidden. */
export function visibleRows(rows: readonly TraceRow[], collapsed: ReadonlySet<string>): readonly TraceRow[] {
  const hidden = new Set<string>()
  return rows.filter(({ call, parent }) => {
    const isHidden = parent !== undefined && (collapsed.has(parent) || hidden.has(parent))
    if (isHidden) hidden.add(call.id)
    return !isHidden
  })
}

/** What a span is called: a tool by its name, a run by its agent or operation, a model call by its model. */
export function spanName({ kind, toolName, operation, name, model, requestModel }: CallView): string {
  const ofModel = model ?? requestModel
  if (kind === 'tool') return toolName ?? name ?? kind
  if (kind === 'run' || kind === 'operation') return operation ?? name ?? ofModel ?? kind
  return ofModel ?? operation ?? name ?? kind
}

/** Whether a text is in what a span is called, did or failed with. */
export function isFound({ call }: TraceRow, text: string): boolean {
  const wanted = text.trim().toLowerCase()
  const { kind, status, operation, name, provider, errorType, errorMessage, spanId } = call
  return (
    wanted !== '' &&
    [
      spanName(call),
      kind,
      status,
      operation,
      name,
      call.model,
      call.toolName,
      provider,
      errorType,
      errorMessage,
      spanId,
    ]
      .filter((part) => part !== null)
      .some((part) => part.toLowerCase().includes(wanted))
  )
}

/** What a span and all below it cost, in words. */
export function costText({ billed, costNanoUsd, unpriced }: SpanSums): string {
  if (billed === 0) return UNKNOWN
  if (costNanoUsd !== null) return formatMoney(costNanoUsd)
  return unpriced > 0 ? 'unpriced' : 'unknown'
}

/** Which calls a cost leaves out; empty if none. */
export function costGap({ costNanoUsd, unpriced }: SpanSums): string {
  return costNanoUsd === null || unpriced === 0 ? '' : `${countOf(unpriced, 'call')} without a cost not included`
}

// An open span has no end yet: it is drawn as long as anything in the trace.
function latestTime({ root, startedAt }: TraceAnswer): number {
  let latest = startedAt + 1
  const look = (nodes: readonly TraceNode[]): void => {
    for (const { call, children } of nodes) {
      latest = Math.max(latest, call.endedAt ?? call.startedAt + (call.durationMs ?? 0))
      look(children)
    }
  }
  look(root)
  return latest
}

function ownSums({ billable, totalTokens, costNanoUsd, status }: CallView): SpanSums {
  const isBilled = Boolean(billable)
  return {
    billed: isBilled ? 1 : 0,
    tokens: isBilled ? totalTokens : null,
    costNanoUsd: isBilled ? costNanoUsd : null,
    unpriced: isBilled && costNanoUsd === null ? 1 : 0,
    errors: status === 'error' || status === 'crashed' ? 1 : 0,
  }
}

function addSums(a: SpanSums, b: SpanSums): SpanSums {
  return {
    billed: a.billed + b.billed,
    tokens: added(a.tokens, b.tokens),
    costNanoUsd: added(a.costNanoUsd, b.costNanoUsd),
    unpriced: a.unpriced + b.unpriced,
    errors: a.errors + b.errors,
  }
}

function added(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : a + b
}
