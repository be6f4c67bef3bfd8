import { type Kysely, sql } from 'kysely'
import type { SqlFunctions } from '../sql/sql-functions.ts'
import type { UpkeepStore } from './upkeep-store.ts'
import type { Tables } from '../sql/tables.ts'

interface SizeRow {
  readonly size_bytes: number
  readonly first_started_at: number | null
  readonly last_started_at: number | null
  readonly last_seq: number | null
  readonly rollups_from: number | null
  readonly calls_from: number
}

/** The question how much there is. */
export function createSizeQueries(db: Kysely<Tables>, functions: SqlFunctions): Pick<UpkeepStore, 'size'> {
  // Counting the rows of a large table takes seconds; the days of a rollup are few, and say the same.
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
        (select max(ingest_seq) from calls) as last_seq, rollups_from, calls_from from rollup_state`
      const [row] = (await query.execute(db)).rows
      if (row === undefined) throw new Error('Table rollup_state has lost its row; restore it from a backup')
      return {
        dialect: functions.dialect,
        sizeBytes: row.size_bytes,
        calls: await countOf(row),
        firstStartedAt: row.first_started_at,
        lastStartedAt: row.last_started_at,
        lastSeq: row.last_seq ?? 0,
      }
    },
  }
}
