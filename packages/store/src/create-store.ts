import type { Call } from '@spanledger/core'
import type { WriteResult } from './calls/writing.ts'
import type { CallTables } from './databases/call-tables.ts'
import type { OpenDatabase } from './databases/database.ts'
import type { SmallTables } from './databases/small-tables.ts'
import { checkPosition } from './journal/journal-position.ts'
import type { Store } from './store.ts'
import { pruneStepsOf } from './upkeep/pruning.ts'

/** The databases of the two sides of a store; the same one twice if it holds both. */
export interface StoreDatabases {
  readonly calls: OpenDatabase
  readonly small: OpenDatabase
}

/** Combines the two sides into a store, whose `close` closes their databases. */
export function createStore({ calls, small }: StoreDatabases): Store {
  const { callTables } = calls
  const smallTables = small.smallTables?.(callTables)
  if (smallTables === undefined) {
    throw new Error(
      'This database cannot hold projects, prices, budgets, saved views, events and journal positions; pass the URL of another one as smallTables',
    )
  }
  const isOneDatabase = calls === small
  const { pruneCalls, ...callMethods } = callTables
  const { pruneEvents, followWrite: _, sizeBytes, ...smallMethods } = smallTables
  return {
    ...smallMethods,
    ...callMethods,
    ...(isOneDatabase ? {} : { write: writeToBoth(callTables, smallTables) }),

    async *prune(options) {
      for (const step of pruneStepsOf(options)) {
        yield* step.what === 'events' ? pruneEvents(step.what, step) : pruneCalls(step.what, step)
      }
    },

    async size() {
      const size = await callTables.size()
      return isOneDatabase ? size : { ...size, sizeBytes: size.sizeBytes + (await sizeBytes()) }
    },

    async close() {
      await Promise.all([...new Set([calls, small])].map((database) => database.close()))
    },
  }
}

// Calls first: writing a list again is harmless, but a list whose position is stored is never sent again.
function writeToBoth(callTables: CallTables, smallTables: SmallTables): Store['write'] {
  return async (calls, options = {}) => {
    const { position } = options
    if (position !== undefined) checkPosition(position)
    const result = await callTables.write(calls, options)
    const projectIds = projectsOf(calls, result)
    if (projectIds.length > 0 || position !== undefined) {
      await smallTables.followWrite({ projectIds, position, result })
    }
    return result
  }
}

function projectsOf(calls: readonly Call[], { rejected }: WriteResult): string[] {
  const isRejected = new Set(rejected.map(({ call }) => call))
  const ids = new Set(calls.map((call) => (isRejected.has(call) ? null : call.project_id)))
  return [...ids].filter((id) => id !== null)
}
