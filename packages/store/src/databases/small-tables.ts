import type { Kysely } from 'kysely'
import { createBudgetQueries } from '../budgets/budget-queries.ts'
import type { BudgetStore } from '../budgets/budget-store.ts'
import { createWarningQueries } from '../budgets/warning-queries.ts'
import type { JournalPosition, WriteResult } from '../calls/writing.ts'
import { createEventQueries } from '../events/event-queries.ts'
import type { EventStore } from '../events/event-store.ts'
import { createJournalQueries } from '../journal/journal-queries.ts'
import type { JournalStore } from '../journal/journal-store.ts'
import { createPriceQueries } from '../prices/price-queries.ts'
import type { PriceStore } from '../prices/price-store.ts'
import { createProjectQueries } from '../projects/project-queries.ts'
import type { ProjectStore } from '../projects/project-store.ts'
import type { SqlFunctions } from '../sql/sql-functions.ts'
import type { Tables } from '../sql/tables.ts'
import { createEventPruning } from '../upkeep/prune-events.ts'
import type { Pruning } from '../upkeep/pruning.ts'
import { createByteCount } from '../upkeep/size-queries.ts'
import type { UsageStore } from '../usage/usage-store.ts'
import { createViewQueries } from '../views/view-queries.ts'
import type { ViewStore } from '../views/view-store.ts'
import type { PromisedWriter } from './database-writer.ts'

/**
 * The side of a store that does not hold calls: projects, prices, budgets and their warnings, saved views, events,
 * and positions of journals. May be in another database than the calls.
 */
export interface SmallTables extends ProjectStore, PriceStore, BudgetStore, EventStore, JournalStore, ViewStore {
  /**
   * Applies a write of calls to these tables, in one transaction. Called only if the calls are in another database, once
   * they are durable. Idempotent: an existing project stays the same, and a position that is not beyond the stored one
   * changes nothing.
   */
  followWrite(write: FollowedWrite): Promise<void>

  /** Deletes old events. */
  readonly pruneEvents: Pruning<'events'>

  /** The size of the whole database on disk, in bytes. */
  sizeBytes(): Promise<number>
}

/** The effect of a write of calls on the small tables. */
export interface FollowedWrite {
  /** The projects of the calls that were not rejected. */
  readonly projectIds: readonly string[]
  readonly position: JournalPosition | undefined
  /** Added to the counts of the position. */
  readonly result: WriteResult
}

/** Returns the cost of calls to budgets: the call tables, of this or another database. */
export type SpendSource = Pick<UsageStore, 'summary'>

/** The parts of the small tables. */
export interface SmallTablesParts {
  readonly db: Kysely<Tables>
  readonly functions: SqlFunctions
  readonly writer: PromisedWriter
  /** Returns epoch milliseconds. */
  readonly now: () => number
}

/** Creates the small tables of a SQL database. */
export function createSmallTables({ db, functions, writer, now }: SmallTablesParts, spend: SpendSource): SmallTables {
  return {
    ...createProjectQueries(db),
    ...createPriceQueries(db),
    ...createBudgetQueries(db, spend, now),
    ...createWarningQueries(db, now),
    ...createEventQueries(db, now),
    ...createViewQueries(db, now),
    ...createJournalQueries(db),
    pruneEvents: createEventPruning(db),
    sizeBytes: createByteCount(db, functions),
    ensureProject: writer.ensureProject,
    changePrices: writer.changePrices,
    forgetJournal: writer.forgetJournal,
    followWrite: writer.followWrite,
  }
}
