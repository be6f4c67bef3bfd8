import type { Kysely } from 'kysely'
import { createBudgetQueries } from './budget-queries.ts'
import { createCallQueries } from './call-queries.ts'
import { createEventQueries } from './event-queries.ts'
import { createJournalQueries } from './journal-queries.ts'
import { createPriceQueries } from './price-queries.ts'
import { createProjectQueries } from './project-queries.ts'
import { createPruneQueries } from './prune-queries.ts'
import { type ChangeCalls, createReprice } from './reprice.ts'
import { createRollupCheck, type RebuildDay } from './rollup-check.ts'
import { createRollupStateQueries } from './rollup-state-queries.ts'
import { createSessionQueries } from './session-queries.ts'
import { createSizeQueries } from './size-queries.ts'
import { createToolQueries } from './tool-queries.ts'
import { createTraceQueries } from './trace-queries.ts'
import { createStepLinkQueries } from './step-link-queries.ts'
import { createTwinQueries } from './twin-queries.ts'
import { createUsageAsker } from './usage-asker.ts'
import { createUsageLogQueries } from './usage-log-queries.ts'
import { createUsageQueries } from './usage-queries.ts'
import { createWarningQueries } from './warning-queries.ts'
import type { SqlFunctions } from './sql-functions.ts'
import type { Tables } from './tables.ts'

/** What the questions of a store need beside the database. */
export interface QueryOptions {
  readonly changeCalls: ChangeCalls
  readonly rebuildDay: RebuildDay
  readonly now: () => number
  /** Whether rollups may answer. */
  readonly usesRollups: boolean
}

/** Every method of a store that asks: the same for all databases. */
export function createQueries(db: Kysely<Tables>, functions: SqlFunctions, options: QueryOptions) {
  const { changeCalls, rebuildDay, now, usesRollups } = options
  const asker = createUsageAsker(db, functions, usesRollups)
  return {
    ...createCallQueries(db, functions),
    ...createUsageQueries(asker, now),
    ...createToolQueries({ db, functions, asker, now }),
    ...createTraceQueries(db, asker),
    ...createSessionQueries(db, functions, asker),
    ...createUsageLogQueries(db, functions),
    ...createEventQueries(db, now),
    ...createBudgetQueries(db, asker, now),
    ...createWarningQueries(db, now),
    ...createPruneQueries(db),
    ...createRollupCheck(db, rebuildDay),
    ...createRollupStateQueries(db),
    ...createTwinQueries(db),
    ...createStepLinkQueries(db, functions, now),
    ...createSizeQueries(db, functions),
    ...createProjectQueries(db),
    ...createJournalQueries(db),
    ...createPriceQueries(db, functions),
    ...createReprice(db, functions, changeCalls),
  }
}
