import type { BudgetStore } from './budgets/budget-store.ts'
import type { CallStore } from './calls/call-store.ts'
import type { EventStore } from './events/event-store.ts'
import type { JournalStore } from './journal/journal-store.ts'
import type { PriceStore } from './prices/price-store.ts'
import type { RepriceStore } from './prices/reprice-store.ts'
import type { ProjectStore } from './projects/project-store.ts'
import type { RollupStore } from './rollups/rollup-store.ts'
import type { SessionStore } from './sessions/session-store.ts'
import type { StepStore } from './steps/step-store.ts'
import type { TraceStore } from './traces/trace-store.ts'
import type { UpkeepStore } from './upkeep/upkeep-store.ts'
import type { UsageStore } from './usage/usage-store.ts'
import type { ViewStore } from './views/view-store.ts'

/**
 * Calls in a database: written once, read often. The contract is the same for every database, and one test suite
 * verifies it on all of them. The caller that opens a store must close it.
 *
 * Every read sees all writes that finished before it, by any process. Arguments are neither kept nor changed, and results
 * belong to the caller. A method that fails rejects with a sentence that says what is wrong with the database and how to
 * fix it; the store remains usable, and stored rows stay stored. After `close`
 * every other method rejects.
 */
export interface Store
  extends
    CallStore,
    UsageStore,
    TraceStore,
    SessionStore,
    StepStore,
    RepriceStore,
    RollupStore,
    UpkeepStore,
    ProjectStore,
    PriceStore,
    BudgetStore,
    EventStore,
    ViewStore,
    JournalStore {
  /** Releases the database. Idempotent. */
  close(): Promise<void>
}
