import { type Kysely, sql } from 'kysely'
import type { Tables } from '../sql/tables.ts'
import type { RollupStore } from './rollup-store.ts'

/** The row of table `rollup_state`: which rollups can be used. */
export interface RollupState {
  /** Rollups are complete from this time on, epoch milliseconds; NULL if they are not built yet. */
  readonly rollups_from: number | null
  /** Retention has deleted the calls that started before this time, epoch milliseconds. */
  readonly calls_from: number
}

/** The state of the rollups. Rejects if the table has lost its row. */
export async function rollupStateOf(db: Kysely<Tables>): Promise<RollupState> {
  const { rows } = await sql<RollupState>`select rollups_from, calls_from from rollup_state`.execute(db)
  return onlyState(rows)
}

/** The only row of `rollup_state`. Throws if the table has lost it. */
export function onlyState<State extends RollupState>([state]: readonly State[]): State {
  if (state === undefined) throw new Error('Table rollup_state has lost its row; restore it from a backup')
  return state
}

/** Reads whether rollups are built. */
export function createRollupStateQueries(db: Kysely<Tables>): Pick<RollupStore, 'hasRollups'> {
  return {
    async hasRollups() {
      const query = sql<{ rollups_from: number | null }>`select rollups_from from rollup_state`
      const [state] = (await query.execute(db)).rows
      return state !== undefined && state.rollups_from !== null
    },
  }
}
