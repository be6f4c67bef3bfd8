import { type Kysely, sql } from 'kysely'
import type { RollupStore } from './rollup-store.ts'
import type { Tables } from '../sql/tables.ts'

/** The question whether sums are kept. */
export function createRollupStateQueries(db: Kysely<Tables>): Pick<RollupStore, 'hasRollups'> {
  return {
    async hasRollups() {
      const query = sql<{ rollups_from: number | null }>`select rollups_from from rollup_state`
      const [state] = (await query.execute(db)).rows
      return state !== undefined && state.rollups_from !== null
    },
  }
}
