import type { Call } from '@spanledger/core'
import type { ProviderCall } from '../provider-server/index.ts'

/** One attempt on the wire and the billable row that stands for it; one of them may be missing. */
export interface Attempt {
  readonly call: ProviderCall | undefined
  readonly row: Call | undefined
}

/**
 * Finds the row of each attempt: by the id of the response where the row has the provider's (AI SDKs make one up where
 * they read none), the others in order of their start, answered ones with those that went well.
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
  return [
    ...calls.map((call) => ({ call, row: rowOf.get(call) })),
    ...[...waitingRows].map((row) => ({ call: undefined, row })),
  ]
}

function isAnswered(call: ProviderCall): boolean {
  return call.completed && call.status === 200
}
