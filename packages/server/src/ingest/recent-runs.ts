import type { Call } from '@spanledger/core'
import type { Store } from '@spanledger/store'

const RECENT_MS = 60 * 60_000
const MOST_PAGES = 5
const PAGE = 1000
const TRACES_AT_ONCE = 50

/**
 * The traces of the runs that started in the last hour, some at a time, for an ingest that has just started. If there are
 * very many, only the newest.
 */
export async function* recentTraces(store: Pick<Store, 'calls'>, now: number): AsyncGenerator<readonly Call[]> {
  let cursor: string | undefined
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { calls, next } = await store.calls({ kind: 'run', from: now - RECENT_MS }, { limit: PAGE, cursor })
    const traceIds = [...new Set(calls.map((call) => call.trace_id))]
    for (let start = 0; start < traceIds.length; start += TRACES_AT_ONCE) {
      const trace = traceIds.slice(start, start + TRACES_AT_ONCE)
      // A page may leave a call out. Before a run is billed, its whole trace is read again.
      yield (await store.calls({ trace }, { limit: PAGE })).calls
    }
    if (next === undefined) return
    cursor = next
  }
}
