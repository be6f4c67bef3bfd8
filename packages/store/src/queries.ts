import type { Kysely } from 'kysely'
import { createBudgetQueries } from './budgets/budget-queries.ts'
import { createCallQueries } from './calls/call-queries.ts'
import { createEventQueries } from './events/event-queries.ts'
import { createJournalQueries } from './journal/journal-queries.ts'
import { createPriceQueries } from './prices/price-queries.ts'
import { createUnpricedQueries } from './prices/unpriced-queries.ts'
import { createProjectQueries } from './projects/project-queries.ts'
import { createPruneQueries } from './upkeep/prune-queries.ts'
import { type ChangeCalls, createReprice } from './prices/reprice.ts'
import { createRollupCheck, type RebuildDay } from './rollups/rollup-check.ts'
import { createRollupStateQueries } from './rollups/rollup-state-queries.ts'
import { createSessionQueries } from './sessions/session-queries.ts'
import { createSizeQueries } from './upkeep/size-queries.ts'
import { createToolQueries } from './usage/tool-queries.ts'
import { createTraceQueries } from './traces/trace-queries.ts'
import { createStepLinkQueries } from './steps/step-link-queries.ts'
import { createTwinQueries } from './traces/twin-queries.ts'
import { createUsageAsker } from './usage/usage-asker.ts'
import { createUsageLogQueries } from './sessions/usage-log-queries.ts'
import { createUsageQueries } from './usage/usage-queries.ts'
import { createWarningQueries } from './budgets/warning-queries.ts'
import type { SqlFunctions } from './sql/sql-functions.ts'
import type { Tables } from './sql/tables.ts'

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
    ...createPriceQueries(db),
    ...createUnpricedQueries(db, functions),
    ...createReprice(db, functions, changeCalls),
  }
}
