import type { Call } from '@spanledger/core'
import type { ProviderCall } from '../provider-server/index.ts'

/** A billable row and the attempts on the wire that it stands for: one as a rule, none or several as an exception. */
export interface Attempt {
  readonly calls: readonly ProviderCall[]
  readonly row: Call | undefined
}

/**
 * Finds the row of each attempt: by the id of the response where the row has the provider's (AI SDKs make one up where
 * they read none), the others in order of their start, answered ones with those that went well. An attempt without a
 * row of its own goes to that of the next one, as AI SDKs trace some functions with one span for several requests.
 */
export function matchAttempts(calls: readonly ProviderCall[], rows: readonly Call[]): readonly Attempt[] {
  const waitingRows = new Set(rows)
  const rowOf = new Map<ProviderCall, Call>()
  const take = (call: ProviderCall, fits: (row: Call) => boolean): void => {
    const row = rowOf.has(call) ? undefined : [...waitingRows].find(fits)
    if (row === undefined) return
    rowOf.set(call, row)
    waitingRows.delete(row)
  }
  for (const call of calls) {
    if (call.responseId !== undefined) take(call, (row) => row.response_id === call.responseId)
  }
  for (const call of calls) take(call, (row) => isAnswered(call) === (row.status === 'ok'))
  for (const call of calls) take(call, () => true)
  const taken = calls.filter((call) => rowOf.has(call))
  const groups = taken.map((call) => ({ calls: [call], row: rowOf.get(call) }))
  for (const call of calls) {
    if (rowOf.has(call)) continue
    const next = groups.find((group) => calls.indexOf(group.calls[0]!) > calls.indexOf(call)) ?? groups.at(-1)
    if (next === undefined) return calls.map((each) => ({ calls: [each], row: undefined }))
    next.calls.push(call)
  }
  return [...groups, ...[...waitingRows].map((row) => ({ calls: [], row }))]
}

function isAnswered(call: ProviderCall): boolean {
  return call.completed && call.status === 200
}
