import { emptyCall, STORED_COLUMN_NAMES } from '@spanledger/core'
import type { BudgetView, CallView, TraceNode as TraceNodeView } from '@spanledger/server/api'
import type { BudgetState, StoredCall, TraceNode } from '@spanledger/store'

const FIELDS = STORED_COLUMN_NAMES.map((column) => ({
  column,
  name: column.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
}))

/** The row of which the API shows this view, without content. */
export function toStoredCall(view: CallView): StoredCall {
  const { traceId, spanId, startedAt } = view
  const call: Record<string, unknown> = { ...emptyCall({ traceId, spanId }, startedAt), content: null }
  const fields: Readonly<Record<string, unknown>> = view
  for (const { column, name } of FIELDS) call[column] = fields[name] ?? null
  return call as unknown as StoredCall // every column has just been set
}

/** The tree of which the API shows this view. */
export function toStoredTree(nodes: readonly TraceNodeView[]): TraceNode[] {
  return nodes.map(({ call, children }) => ({ call: toStoredCall(call), children: toStoredTree(children) }))
}

/** The budget of which the API shows this view. */
export function toBudgetState({ limitUsd, state, webhookUrl, createdAt, ...named }: BudgetView): BudgetState {
  const { spentUsd: _, spentNanoUsd, ...spent } = state
  const scope = named.scope as BudgetState['scope'] // the same filter names and values
  const limitNanoUsd = Math.round(limitUsd * 1e9)
  return { ...named, scope, limitNanoUsd, webhookUrl, createdAt, spentNanoUsd: spentNanoUsd ?? 0, ...spent }
}
