import { type Kysely, sql } from 'kysely'
import { onlyState, type RollupState } from '../rollups/rollup-state.ts'
import type { SqlFunctions } from '../sql/sql-functions.ts'
import type { Tables } from '../sql/tables.ts'
import type { StoreSize } from './store-size.ts'

/** The database to measure. */
export interface SizedDatabase {
  readonly db: Kysely<Tables>
  readonly functions: SqlFunctions
  readonly kind: {
    readonly id: string
    readonly name: string
    readonly abilities: { readonly keepsRollups: boolean }
  }
}

interface SizeRow extends RollupState {
  readonly size_bytes: number
  readonly first_started_at: number | null
  readonly last_started_at: number | null
  readonly last_seq: number | null
}

/** Measures a database and its calls. */
export function createSizeQueries({ db, functions, kind }: SizedDatabase): { size(): Promise<StoreSize> } {
  const state = kind.abilities.keepsRollups
    ? sql`rollups_from, calls_from from rollup_state`
    : sql`null as rollups_from, 0 as calls_from`

  // Counting the rows of a large table takes seconds; a daily rollup has few rows and the same sum.
  async function countOf({ rollups_from: rollupsFrom, calls_from: callsFrom }: SizeRow): Promise<number> {
    const total = functions.total(sql.ref('rollup_days.all_calls'), sql`1 = 1`)
    const query =
      rollupsFrom === null || rollupsFrom > callsFrom
        ? sql<{ calls: number }>`select count(*) as calls from calls`
        : sql<{ calls: number }>`select ${total} as calls from rollup_days where bucket_start >= ${callsFrom}`
    return (await query.execute(db)).rows[0]?.calls ?? 0
  }

  return {
    async size() {
      const query = sql<SizeRow>`select ${functions.sizeBytes} as size_bytes,
        (select min(started_at) from calls) as first_started_at, (select max(started_at) from calls) as last_started_at,
        (select max(ingest_seq) from calls) as last_seq, ${state}`
      const row = onlyState((await query.execute(db)).rows)
      return {
        dialect: kind.id,
        database: kind.name,
        sizeBytes: row.size_bytes,
        calls: await countOf(row),
        firstStartedAt: row.first_started_at,
        lastStartedAt: row.last_started_at,
        lastSeq: row.last_seq ?? 0,
      }
    },
  }
}

/** Measures the whole database on disk, in bytes. */
export function createByteCount(db: Kysely<Tables>, functions: SqlFunctions): () => Promise<number> {
  return async () => {
    const query = sql<{ size_bytes: number }>`select ${functions.sizeBytes} as size_bytes`
    return (await query.execute(db)).rows[0]?.size_bytes ?? 0
  }
}
