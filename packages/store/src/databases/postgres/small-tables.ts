import type { PriceFile } from '@spanledger/core'
import { cleanText } from '../../sql/clean-text.ts'
import { positionRowOf } from '../../journal/journal-position.ts'
import type { PostgresClient } from './pool.ts'
import { priceFileOf, priceRowsOf } from '../../prices/price-row.ts'
import type { JournalPosition, WriteResult } from '../../calls/writing.ts'
import type { NamedProject, Project } from '../../projects/project.ts'
import type { PriceRow, ProjectRow } from '../../sql/tables.ts'

/** Stores the position of a journal and the results of its calls, inside a transaction. */
export async function putPosition(
  client: PostgresClient,
  position: JournalPosition,
  { result, now }: { readonly result: WriteResult; readonly now: number },
): Promise<void> {
  const { segment, byte_offset, stored, deduplicated, rejected } = positionRowOf(position, result)
  await client.query(
    `INSERT INTO journal_positions AS position (segment, byte_offset, stored, deduplicated, rejected, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (segment) DO UPDATE
     SET byte_offset = excluded.byte_offset, stored = position.stored + excluded.stored,
       deduplicated = position.deduplicated + excluded.deduplicated,
       rejected = position.rejected + excluded.rejected, updated_at = excluded.updated_at
     WHERE position.byte_offset < excluded.byte_offset`,
    [segment, byte_offset, stored, deduplicated, rejected, now],
  )
}

/** Deletes the positions of segments. */
export async function deletePositions(client: PostgresClient, segments: readonly string[]): Promise<void> {
  await client.query('DELETE FROM journal_positions WHERE segment = ANY($1)', [segments.map(cleanText)])
}

/** Creates or renames a project, inside a transaction. */
export async function putProject(client: PostgresClient, project: NamedProject, now: number): Promise<Project> {
  const id = cleanText(project.id)
  const name = project.name === undefined ? undefined : cleanText(project.name)
  await client.query('INSERT INTO projects (id, name, created_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING', [
    id,
    name ?? id,
    now,
  ])
  if (name !== undefined) await client.query('UPDATE projects SET name = $2 WHERE id = $1', [id, name])
  const { rows } = await client.query('SELECT * FROM projects WHERE id = $1', [id])
  const row = rows[0] as ProjectRow // just inserted, or already stored
  return { id: row.id, name: row.name, createdAt: row.created_at }
}

/** Replaces the prices, inside a transaction. */
export async function putPrices(
  client: PostgresClient,
  change: (prices: PriceFile) => PriceFile,
  now: number,
): Promise<PriceFile> {
  // One writer at a time, or the second would add its prices to those of the first.
  await client.query('LOCK TABLE prices IN SHARE ROW EXCLUSIVE MODE')
  const rows = [...(await client.query('SELECT * FROM prices ORDER BY id')).rows] as PriceRow[] // its columns
  const next = change(priceFileOf(rows))
  const nextRows = priceRowsOf(next, rows, now)
  await client.query('DELETE FROM prices')
  await client.query(
    `INSERT INTO prices (provider, model, price, created_at)
     SELECT provider, model, price, created_at
     FROM json_populate_recordset(NULL::prices, $1::json) WITH ORDINALITY ORDER BY ordinality`,
    [JSON.stringify(nextRows)],
  )
  return next
}
