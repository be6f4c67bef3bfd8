import type { Kysely } from 'kysely'
import { createCallQueries } from '../calls/call-queries.ts'
import type { CallStore } from '../calls/call-store.ts'
import type { RepriceStore } from '../prices/reprice-store.ts'
import { createReprice } from '../prices/reprice.ts'
import { createUnpricedQueries } from '../prices/unpriced-queries.ts'
import { NO_ROLLUPS } from '../rollups/no-rollups.ts'
import { createRollupCheck } from '../rollups/rollup-check.ts'
import { createRollupStateQueries } from '../rollups/rollup-state.ts'
import type { RollupStore } from '../rollups/rollup-store.ts'
import { createSessionQueries } from '../sessions/session-queries.ts'
import type { SessionStore } from '../sessions/session-store.ts'
import { createUsageLogQueries } from '../sessions/usage-log-queries.ts'
import type { SqlFunctions } from '../sql/sql-functions.ts'
import type { Tables } from '../sql/tables.ts'
import { createStepLinkQueries } from '../steps/step-link-queries.ts'
import type { StepStore } from '../steps/step-store.ts'
import { createTraceQueries } from '../traces/trace-queries.ts'
import type { TraceStore } from '../traces/trace-store.ts'
import { createTwinQueries } from '../traces/twin-queries.ts'
import { createCallPruning } from '../upkeep/prune-calls.ts'
import type { Pruning } from '../upkeep/pruning.ts'
import { createSizeQueries } from '../upkeep/size-queries.ts'
import type { StoreSize } from '../upkeep/store-size.ts'
import { createFailureQueries } from '../usage/failure-queries.ts'
import { createToolQueries } from '../usage/tool-queries.ts'
import { createUsageAsker } from '../usage/usage-asker.ts'
import { createUsageQueries } from '../usage/usage-queries.ts'
import type { UsageStore } from '../usage/usage-store.ts'
import type { DatabaseKind, OpenDatabaseOptions } from './database.ts'
import type { PromisedWriter } from './database-writer.ts'

/**
 * The side of a store that grows with its calls: calls, contents, steps and rollups, and everything that is read from
 * them. Needs nothing of the small tables.
 */
export interface CallTables
  extends CallStore, UsageStore, TraceStore, SessionStore, StepStore, RepriceStore, RollupStore {
  /** Deletes from `call_contents`, `calls` and the rollups. */
  readonly pruneCalls: Pruning<'content' | 'calls' | 'rollups'>

  /** How much is stored; the bytes are those of the whole database. */
  size(): Promise<StoreSize>
}

/** What the call tables are made of. */
export interface CallTablesParts {
  readonly db: Kysely<Tables>
  readonly functions: SqlFunctions
  readonly writer: PromisedWriter
  readonly kind: Pick<DatabaseKind, 'id' | 'name' | 'abilities'>
  readonly options: Pick<OpenDatabaseOptions, 'now' | 'usesRollups'>
}

/**
 * Makes the call tables of a database that speaks SQL: the queries are the same for all, `functions` and `writer` are
 * its own. A database whose SQL lacks what a query needs replaces that method.
 */
export function createCallTables({ db, functions, writer, kind, options }: CallTablesParts): CallTables {
  const { now, usesRollups } = options
  const { keepsRollups } = kind.abilities
  const asker = createUsageAsker({ db, functions, keepsRollups, usesRollups })
  return {
    ...createCallQueries(db, functions, asker.resolved),
    ...createUsageQueries(asker, now),
    ...createFailureQueries({ db, functions }),
    ...createToolQueries({ db, functions, asker, now }),
    ...createTraceQueries(db, asker),
    ...createTwinQueries(db),
    ...createSessionQueries(db, functions, asker),
    ...createUsageLogQueries(db, functions, asker.resolved),
    ...createStepLinkQueries(db, functions, now),
    ...createUnpricedQueries(db, functions, asker.resolved),
    ...createReprice(db, functions, writer.changeCalls),
    ...(keepsRollups ? { ...createRollupCheck(db, writer.rebuildDay), ...createRollupStateQueries(db) } : NO_ROLLUPS),
    ...createSizeQueries({ db, functions, kind }),
    pruneCalls: createCallPruning(db, keepsRollups),
    write: (calls, options = {}) => writer.write(calls, options),
  }
}
